import { expect, test } from 'vitest';
import { masterPlaylists, measureBandwidth, mediaPlaylist } from './playlists.ts';

test('durations are rounded against the running sum', () => {
  const lengths = Array.from({ length: 1000 }, () => 90_112);
  const durations = [...mediaPlaylist(lengths, 44_100, true).matchAll(/#EXTINF:([\d.]+),/g)].map(([, text]) =>
    Number(text),
  );
  const sum = durations.reduce((total, duration) => total + duration, 0);
  expect(Math.abs(sum - (90_112 * 1000) / 44_100)).toBeLessThan(1e-6);
});

test('a growing playlist has no end', () => {
  const text = mediaPlaylist([98_304], 48_000, false);
  expect(text).toBe(
    [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:11',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:EVENT',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MAP:URI="init.mp4"',
      '#EXTINF:2.048000,',
      '0.m4s',
      '',
    ].join('\n'),
  );
});

test('the peak is taken over runs of 0.5 to 1.5 target durations', () => {
  // The short first segment alone is no measure; with its neighbour it is.
  const { bandwidthBps, averageBandwidthBps } = measureBandwidth([4000, 1000, 10_000, 9000], [2, 2, 10, 10]);
  expect(bandwidthBps).toBe(Math.ceil((15_000 * 8) / 14));
  expect(averageBandwidthBps).toBe(8000);
});

test('a track shorter than half a target duration is measured as a whole', () => {
  expect(measureBandwidth([1000], [2])).toEqual({ bandwidthBps: 4000, averageBandwidthBps: 4000 });
});

test('masters are capped ladders of AAC, and FLAC by itself', () => {
  const variant = { codecs: 'x', bandwidthBps: 2, averageBandwidthBps: 1 };
  const names = ['64', '128', '192', '320', 'lossless'] as const;
  const masters = masterPlaylists(names.map((name) => ({ name, ...variant })));
  const listed = masters.map(({ path, text }) => [
    path,
    [...text.matchAll(/^(\w+)\/playlist/gm)].map(([, name]) => name),
  ]);
  expect(listed).toEqual([
    ['master.m3u8', ['64', '128', '192', '320']],
    ['master-192.m3u8', ['64', '128', '192']],
    ['master-128.m3u8', ['64', '128']],
    ['master-64.m3u8', ['64']],
    ['lossless.m3u8', ['lossless']],
  ]);
});
