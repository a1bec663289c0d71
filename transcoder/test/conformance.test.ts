/** A real transcode, held against the HLS, MP4 and gapless rules it was made for. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as hls from 'hls-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRESS_ENTRY, progressSchema, waveformSchema } from '../src/contract.ts';
import { TARGET_DURATION_SECONDS } from '../src/segment-plan.ts';
import { encodeSamples, makeMusic, writeWav } from './support/audio.ts';
import { availableKinds, convert, decode } from './support/ffmpeg.ts';
import {
  AAC_RENDITIONS,
  ALL_RENDITIONS,
  editListMediaTime,
  readSegment,
  segmentsOf,
  wholeRendition,
} from './support/mp4.ts';
import { startService, type TestService, type TranscodeAnswer, transcode } from './support/service.ts';

const SAMPLE_RATE_HZ = 44_100;
/** 27 s and a bit that is no multiple of anything. */
const SAMPLE_COUNT = 27 * SAMPLE_RATE_HZ + 12_347;
const music = makeMusic(SAMPLE_COUNT, SAMPLE_RATE_HZ, 2);
const original = writeWav(music);
/** AAC-LC's priming in ffmpeg's encoder. */
const ENCODER_DELAY_SAMPLES = 1024;

hls.setOptions({ strictMode: true });

function text(answer: TranscodeAnswer, path: string): string {
  const bytes = answer.objects.get(path);
  if (!bytes) throw new Error(`no ${path}`);
  return bytes.toString('utf8');
}

function mediaPlaylist(answer: TranscodeAnswer, rendition: string): hls.types.MediaPlaylist {
  const playlist = hls.parse(text(answer, `${rendition}/playlist.m3u8`));
  if (playlist.isMasterPlaylist) throw new Error('not a media playlist');
  return playlist as hls.types.MediaPlaylist;
}

function masterPlaylist(answer: TranscodeAnswer, path: string): hls.types.MasterPlaylist {
  const playlist = hls.parse(text(answer, path));
  if (!playlist.isMasterPlaylist) throw new Error('not a master playlist');
  return playlist as hls.types.MasterPlaylist;
}

/** Decodes an AAC rendition and leaves out what its edit list hides, as players do (ffmpeg does not here). */
async function decodeAac(file: Buffer): Promise<Float32Array> {
  const decoded = await decode(file);
  return decoded.subarray(2 * ENCODER_DELAY_SAMPLES);
}

/** Root mean square of the difference, per channel pair, from `from` to `to` in samples. */
function difference(left: Float32Array, right: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from * 2; at < to * 2; at += 1) sum += ((left[at] ?? 0) - (right[at] ?? 0)) ** 2;
  return Math.sqrt(sum / ((to - from) * 2));
}

for (const kind of await availableKinds()) {
  describe(`a transcode by the ${kind} ffmpeg`, () => {
    let service: TestService;
    let answer: TranscodeAnswer;

    beforeAll(async () => {
      service = await startService(kind);
      answer = await transcode(service, original);
    });
    afterAll(() => service.stop());

    test('ends with a manifest that names every object with its size', () => {
      expect(answer.failure).toBeNull();
      const { manifest } = answer;
      expect(manifest?.sampleCount).toBe(SAMPLE_COUNT);
      expect(manifest?.durationSeconds).toBe(SAMPLE_COUNT / SAMPLE_RATE_HZ);
      expect(manifest?.renditions.map(({ name }) => name)).toEqual(ALL_RENDITIONS);
      const sizes = [...answer.objects].map(([path, bytes]) => ({ path, bytes: bytes.length }));
      const byPath = (left: { path: string }, right: { path: string }): number =>
        left.path.localeCompare(right.path);
      expect(manifest?.objects.toSorted(byPath)).toEqual(sizes.toSorted(byPath));
      for (const rendition of manifest?.renditions ?? []) {
        expect(rendition.bytes).toBe(wholeRendition(answer.objects, rendition.name).length);
        expect(rendition.segmentCount).toBe(segmentsOf(answer.objects, rendition.name).length);
      }
    });

    test('sends objects while it runs: initialisations first, playlists only of what was sent', () => {
      const names = answer.entries.map(({ name }) => name);
      expect(names[0]).toBe(PROGRESS_ENTRY);
      const sent = new Set<string>();
      for (const { name, bytes } of answer.entries) {
        if (name === PROGRESS_ENTRY) progressSchema.parse(JSON.parse(bytes.toString('utf8')));
        if (/^\w+\/playlist\.m3u8$/.test(name)) {
          const uris = [...bytes.toString('utf8').matchAll(/^\d+\.m4s$|init\.mp4/gm)].map(([uri]) => uri);
          for (const uri of uris) expect(sent).toContain(`${dirname(name)}/${uri}`);
        }
        sent.add(name);
      }
      const firstPlaylist = names.indexOf('128/playlist.m3u8');
      expect(firstPlaylist).toBeLessThan(names.indexOf('128/2.m4s'));
      const first = answer.entries[firstPlaylist]?.bytes.toString('utf8') ?? '';
      expect(first).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
      expect(first).not.toContain('ENDLIST');
      expect(names.indexOf('master.m3u8')).toBeLessThan(names.indexOf('128/2.m4s'));
    });

    test('playlists are strict HLS with the tags that players need', () => {
      for (const rendition of ALL_RENDITIONS) {
        const playlist = mediaPlaylist(answer, rendition);
        expect(playlist.version).toBe(7);
        expect(playlist.playlistType).toBe('VOD');
        expect(playlist.endlist).toBe(true);
        expect(playlist.independentSegments).toBe(true);
        expect(playlist.targetDuration).toBe(TARGET_DURATION_SECONDS);
        for (const { duration, map, uri } of playlist.segments) {
          expect(Math.round(duration)).toBeLessThanOrEqual(TARGET_DURATION_SECONDS);
          expect(map?.uri).toBe('init.mp4');
          expect(answer.objects.has(`${rendition}/${uri}`)).toBe(true);
        }
      }
    });

    test('durations add up to the source within a millisecond in every rendition', () => {
      for (const rendition of ALL_RENDITIONS) {
        const sum = mediaPlaylist(answer, rendition).segments.reduce(
          (total, { duration }) => total + duration,
          0,
        );
        expect(Math.abs(sum - SAMPLE_COUNT / SAMPLE_RATE_HZ)).toBeLessThan(0.001);
      }
    });

    test('segments begin at the same sample in every rendition, start short and follow one another', () => {
      const starts = segmentsOf(answer.objects, '64').map((segment) => readSegment(segment).startSample);
      const seconds = starts.slice(1).map((start, index) => (start - (starts[index] ?? 0)) / SAMPLE_RATE_HZ);
      for (const short of seconds.slice(0, 2)) expect(short).toBeGreaterThanOrEqual(2);
      for (const short of seconds.slice(0, 2)) expect(short).toBeLessThanOrEqual(4);
      for (const long of seconds.slice(2)) expect(Math.abs(long - 10)).toBeLessThan(0.5);
      for (const rendition of ALL_RENDITIONS) {
        const segments = segmentsOf(answer.objects, rendition).map(readSegment);
        expect(segments.map(({ startSample }) => startSample)).toEqual(starts);
        for (const [index, { startSample, durationSamples }] of segments.slice(0, -1).entries()) {
          expect(durationSamples % 4096).toBe(0);
          expect(startSample + durationSamples).toBe(starts[index + 1]);
        }
      }
    });

    test('AAC keeps the encoder delay in its edit list and whole frames past the end', () => {
      for (const rendition of AAC_RENDITIONS) {
        const init = answer.objects.get(`${rendition}/init.mp4`) ?? Buffer.alloc(0);
        expect(editListMediaTime(init)).toBe(ENCODER_DELAY_SAMPLES);
        const segments = segmentsOf(answer.objects, rendition).map(readSegment);
        const frames = segments.flatMap((segment) => segment.frames);
        expect(new Set(frames.map(({ durationSamples }) => durationSamples))).toEqual(new Set([1024]));
        const pastEnd = frames.length * 1024 - ENCODER_DELAY_SAMPLES - SAMPLE_COUNT;
        expect(pastEnd).toBeGreaterThanOrEqual(2 * 1024);
      }
    });

    test('bandwidths are what the bytes say, within one per cent', () => {
      const paths = ['master.m3u8', 'master-192.m3u8', 'master-128.m3u8', 'master-64.m3u8', 'lossless.m3u8'];
      for (const [index, path] of paths.entries()) {
        const { variants } = masterPlaylist(answer, path);
        expect(variants).toHaveLength([4, 3, 2, 1, 1][index] ?? 0);
        for (const variant of variants) {
          const rendition = dirname(variant.uri);
          expect(variant.codecs).toBe(rendition === 'lossless' ? 'fLaC' : 'mp4a.40.2');
          const { segments } = mediaPlaylist(answer, rendition);
          const bits = segments.map(
            ({ uri }) => 8 * (answer.objects.get(`${rendition}/${uri}`)?.length ?? 0),
          );
          const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
          const average = total(bits) / total(segments.map(({ duration }) => duration));
          const peak = Math.max(
            ...segments.flatMap((_, from) =>
              segments.slice(from).flatMap((_segment, count) => {
                const run = segments.slice(from, from + count + 1);
                const seconds = total(run.map(({ duration }) => duration));
                const isMeasured =
                  seconds >= 0.5 * TARGET_DURATION_SECONDS && seconds <= 1.5 * TARGET_DURATION_SECONDS;
                return isMeasured ? [total(bits.slice(from, from + count + 1)) / seconds] : [];
              }),
            ),
          );
          expect(Math.abs((variant.averageBandwidth ?? 0) / average - 1)).toBeLessThan(0.01);
          expect(Math.abs(variant.bandwidth / peak - 1)).toBeLessThan(0.01);
        }
      }
    });

    test('FLAC gives back every bit', async () => {
      const pcm = await convert(
        wholeRendition(answer.objects, 'lossless'),
        '-c:a',
        'pcm_s16le',
        '-f',
        's16le',
      );
      expect(pcm.equals(encodeSamples(music.samples, 's16'))).toBe(true);
    });

    test('AAC decodes in place: sample for sample where the source has it', async () => {
      const decoded = await decodeAac(wholeRendition(answer.objects, '320'));
      expect(decoded.length / 2).toBeGreaterThanOrEqual(SAMPLE_COUNT);
      const at = 10 * SAMPLE_RATE_HZ;
      const here = difference(decoded, music.samples, at, at + SAMPLE_RATE_HZ);
      expect(here).toBeLessThan(0.01);
      for (const shift of [-1, 1]) {
        const moved = decoded.subarray(2 * (1 + shift));
        expect(difference(moved, music.samples.subarray(2), at, at + SAMPLE_RATE_HZ)).toBeGreaterThan(here);
      }
      // The very last samples are there too, not silence or half a frame.
      expect(difference(decoded, music.samples, SAMPLE_COUNT - 1024, SAMPLE_COUNT)).toBeLessThan(0.02);
    });

    test('a sequence spliced from all bitrates has the right length and no seams', async () => {
      const ladder = AAC_RENDITIONS.map((rendition) => segmentsOf(answer.objects, rendition));
      const segments = (ladder[0] ?? []).map(
        (_, index) => ladder[index % ladder.length]?.[index] ?? Buffer.alloc(0),
      );
      const init = answer.objects.get('64/init.mp4') ?? Buffer.alloc(0);
      const spliced = await decodeAac(Buffer.concat([init, ...segments]));
      const plain = await decodeAac(wholeRendition(answer.objects, '64'));
      expect(spliced.length).toBe(plain.length);
      const seams = segments
        .slice(1)
        .map((segment) => readSegment(segment).startSample - ENCODER_DELAY_SAMPLES);
      const usual = difference(plain, music.samples, 0, SAMPLE_COUNT);
      expect(usual).toBeLessThan(0.02);
      for (const seam of seams) {
        expect(difference(spliced, music.samples, seam - 1024, seam + 1024)).toBeLessThan(
          Math.max(0.01, 3 * usual),
        );
      }
    });

    test('the waveform follows the loudness of the music', () => {
      const { peaks } = waveformSchema.parse(JSON.parse(text(answer, 'waveform.json')));
      expect(peaks).toHaveLength(1000);
      const loudest = (from: number, to: number): number =>
        music.samples
          .subarray(Math.max(0, from * 2), to * 2)
          .reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
      for (const [index, peak] of peaks.entries()) {
        const from = Math.floor((index * SAMPLE_COUNT) / 1000);
        const to = Math.floor(((index + 1) * SAMPLE_COUNT) / 1000);
        // Peaks are gathered in steps of 64 samples.
        expect(peak).toBeGreaterThanOrEqual(Math.floor(255 * loudest(from + 64, to - 64)));
        expect(peak).toBeLessThanOrEqual(Math.ceil(255 * loudest(from - 64, to + 64)));
      }
    });

    test('shaka-packager reads every rendition and finds the same timing', async () => {
      const packager = join(
        dirname(fileURLToPath(import.meta.resolve('shaka-packager/package.json'))),
        'bin',
        `packager-${process.platform === 'darwin' ? 'osx' : 'linux'}-${process.arch}`,
      );
      await access(packager);
      const folder = await mkdtemp(join(tmpdir(), 'melro-test-'));
      try {
        for (const rendition of ALL_RENDITIONS) {
          await writeFile(join(folder, `${rendition}.mp4`), wholeRendition(answer.objects, rendition));
        }
        await promisify(execFile)(
          packager,
          [
            ...ALL_RENDITIONS.map(
              (name) => `in=${name}.mp4,stream=audio,out=out-${name}.mp4,playlist_name=${name}.m3u8`,
            ),
            ...['--hls_master_playlist_output', 'master.m3u8', '--segment_duration', '10'],
          ],
          { cwd: folder },
        );
        for (const rendition of ALL_RENDITIONS) {
          const playlist = await readFile(join(folder, `${rendition}.m3u8`), 'utf8');
          const sum = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce(
            (total, [, value]) => total + Number(value),
            0,
          );
          const held = segmentsOf(answer.objects, rendition).map(readSegment);
          const heldSamples = held.reduce((total, { durationSamples }) => total + durationSamples, 0);
          // It may or may not count the priming that the edit list hides.
          expect(sum).toBeGreaterThan((heldSamples - ENCODER_DELAY_SAMPLES) / SAMPLE_RATE_HZ - 0.01);
          expect(sum).toBeLessThan(heldSamples / SAMPLE_RATE_HZ + 0.01);
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
}
