/** Writes HLS playlists (RFC 8216) and measures the bandwidths that they state. */
import {
  AAC_BITRATES_KBPS,
  LOSSLESS_MASTER_PATH,
  LOSSLESS_RENDITION,
  masterPlaylistPath,
  type RenditionName,
} from './contract.ts';
import { TARGET_DURATION_SECONDS } from './segment-plan.ts';

/** What a master playlist says about one rendition. */
export interface Variant {
  name: RenditionName;
  codecs: string;
  bandwidthBps: number;
  averageBandwidthBps: number;
}

/** @returns the path of a rendition's media playlist. */
export function mediaPlaylistPath(name: RenditionName): string {
  return `${name}/playlist.m3u8`;
}

/** @returns the CODECS value (RFC 6381) of a rendition. */
export function codecsOf(name: RenditionName): string {
  return name === LOSSLESS_RENDITION ? 'fLaC' : 'mp4a.40.2';
}

/**
 * @param segmentSamples length of every segment so far, in samples.
 * @param isFinished false while the track is still being made: the playlist is an EVENT and may grow.
 */
export function mediaPlaylist(
  segmentSamples: readonly number[],
  sampleRateHz: number,
  isFinished: boolean,
): string {
  let endSample = 0;
  let writtenMicroseconds = 0;
  const segments = segmentSamples.flatMap((samples, index) => {
    endSample += samples;
    // Rounded against the running sum, so that the durations add up to the music's to the microsecond.
    const endMicroseconds = Math.round((endSample / sampleRateHz) * 1e6);
    const seconds = ((endMicroseconds - writtenMicroseconds) / 1e6).toFixed(6);
    writtenMicroseconds = endMicroseconds;
    return [`#EXTINF:${seconds},`, `${index}.m4s`];
  });
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${TARGET_DURATION_SECONDS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${isFinished ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MAP:URI="init.mp4"',
    ...segments,
    ...(isFinished ? ['#EXT-X-ENDLIST'] : []),
  ]);
}

/** @returns every master playlist: the AAC ladder, the same capped at lower rates, and FLAC by itself. */
export function masterPlaylists(variants: readonly Variant[]): { path: string; text: string }[] {
  // Codecs are not mixed within a master: switching between them resets the media source of hls.js.
  const ladder = variants.filter(({ name }) => name !== LOSSLESS_RENDITION);
  const lossless = variants.filter(({ name }) => name === LOSSLESS_RENDITION);
  return [
    ...AAC_BITRATES_KBPS.toReversed().map((cap) => ({
      path: masterPlaylistPath(cap),
      text: master(ladder.filter(({ name }) => Number(name) <= cap)),
    })),
    { path: LOSSLESS_MASTER_PATH, text: master(lossless) },
  ];
}

function master(variants: readonly Variant[]): string {
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...variants.flatMap(({ name, codecs, bandwidthBps, averageBandwidthBps }) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidthBps},AVERAGE-BANDWIDTH=${averageBandwidthBps},CODECS="${codecs}"`,
      mediaPlaylistPath(name),
    ]),
  ]);
}

function lines(values: readonly string[]): string {
  return `${values.join('\n')}\n`;
}

/**
 * Bandwidths as RFC 8216 §4.1 defines them, in bit/s.
 *
 * The peak is the highest rate of any run of segments that lasts between 0.5 and 1.5 target durations; a
 * track shorter than that has one run, the whole of it.
 */
export function measureBandwidth(
  segmentBytes: readonly number[],
  segmentSeconds: readonly number[],
): { bandwidthBps: number; averageBandwidthBps: number } {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const averageBandwidthBps = Math.ceil((sum(segmentBytes) * 8) / sum(segmentSeconds));
  let peakBps = 0;
  for (let first = 0; first < segmentBytes.length; first += 1) {
    let bytes = 0;
    let seconds = 0;
    for (let last = first; last < segmentBytes.length; last += 1) {
      bytes += segmentBytes[last] ?? 0;
      seconds += segmentSeconds[last] ?? 0;
      if (seconds > 1.5 * TARGET_DURATION_SECONDS) break;
      if (seconds >= 0.5 * TARGET_DURATION_SECONDS) peakBps = Math.max(peakBps, (bytes * 8) / seconds);
    }
  }
  return { bandwidthBps: Math.ceil(peakBps) || averageBandwidthBps, averageBandwidthBps };
}

/** @returns bandwidths to announce before there is anything to measure, in bit/s. */
export function nominalBandwidth(
  name: RenditionName,
  sampleRateHz: number,
  channels: number,
  losslessBits: number,
): { bandwidthBps: number; averageBandwidthBps: number } {
  const bps = name === LOSSLESS_RENDITION ? sampleRateHz * channels * losslessBits : Number(name) * 1000;
  return { bandwidthBps: Math.ceil(bps * 1.1), averageBandwidthBps: Math.ceil(bps) };
}
