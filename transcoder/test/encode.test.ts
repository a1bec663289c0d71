/** How an encoding is split and judged, and that both ffmpegs make the same of one original. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_DURATION_SECONDS, waveformSchema } from '../src/contract.ts';
import { judge, prepareEncoding, TWO_PROCESSES_FROM_SECONDS } from '../src/encode.ts';
import { probe, type Source } from '../src/probe.ts';
import { SOURCE_FILE_NAME } from '../src/source-file.ts';
import { makeMusic, writeWav } from './support/audio.ts';
import { availableKinds, convert, measureLoudness, tool } from './support/ffmpeg.ts';
import { ALL_RENDITIONS, segmentsOf, wholeRendition } from './support/mp4.ts';
import { startService, type TranscodeAnswer, transcode } from './support/service.ts';

const wav = writeWav(makeMusic(5 * 48_000 + 77, 48_000, 2), { format: 's24' });

/** Encodes as if the original had declared this length, without holding it to it. */
async function encodeAs(declaredSeconds: number): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'melro-test-'));
  try {
    await writeFile(join(folder, SOURCE_FILE_NAME), wav);
    const signal = AbortSignal.timeout(60_000);
    const source: Source = {
      ...(await probe(tool, folder, signal)),
      declaredSeconds,
      shortfallToleranceSeconds: null,
    };
    const encoding = prepareEncoding(tool, folder, source);
    const objects = new Map<string, Buffer>();
    const emit = async ({ path, bytes }: { path: string; bytes: Uint8Array }): Promise<void> => {
      objects.set(path, Buffer.from(bytes));
    };
    const encoded = await encoding.run(emit, signal);
    await encoding.finish(encoded, emit);
    expect(encoded.sampleCount).toBe(5 * 48_000 + 77);
    expect(encoded.loudness).not.toBeNull();
    return objects;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('long recordings are encoded by two processes to the same bytes', async () => {
  const one = await encodeAs(5);
  const two = await encodeAs(TWO_PROCESSES_FROM_SECONDS + 1);
  expect([...two.keys()].toSorted()).toEqual([...one.keys()].toSorted());
  for (const [path, bytes] of one) expect(two.get(path)?.equals(bytes), path).toBe(true);
});

describe('what came out is held against what was declared', () => {
  const declaring = (declaredSeconds: number | null, shortfallToleranceSeconds: number | null): Source => ({
    container: 'flac',
    codec: 'flac',
    sampleRateHz: 44_100,
    channels: 2,
    bitsPerSample: 16,
    bitrateKbps: null,
    lossless: true,
    declaredSeconds,
    shortfallToleranceSeconds,
    audioStreamIndex: 0,
    coverStreamIndex: null,
    tags: {
      title: null,
      artist: null,
      albumArtist: null,
      album: null,
      genre: null,
      date: null,
      trackNumber: null,
      discNumber: null,
    },
  });

  test.for([
    ['all of it', declaring(100, 0.05), 99.99, true, null],
    ['more than an estimate', declaring(100, null), 400, true, null],
    ['less than an estimate', declaring(100, null), 60, true, null],
    ['nothing declared', declaring(null, null), 60, true, null],
    ['less than declared', declaring(100, 0.05), 99.9, true, 'truncated'],
    ['nothing at all', declaring(100, 0.05), 0, true, 'corrupt'],
    ['a decoder that gave up', declaring(100, 0.05), 100, false, 'corrupt'],
    ['hours that were not declared', declaring(null, null), MAX_DURATION_SECONDS + 1, true, 'too_long'],
    ['a blink', declaring(0.4, 0.05), 0.4, true, 'too_short'],
  ] as const)('%s', ([, source, decodedSeconds, endedWell, code]) => {
    let failed: unknown = null;
    try {
      judge(source, decodedSeconds, endedWell);
    } catch (error) {
      failed = error;
    }
    if (code === null) expect(failed).toBeNull();
    else expect(failed).toMatchObject({ failure: { code } });
  });
});

const kinds = await availableKinds();

describe.runIf(kinds.length === 2)('both ffmpegs make the same of one original', () => {
  test('lengths, loudness, peaks, lossless samples and sizes', async () => {
    const [native, embedded] = await Promise.all(
      kinds.map(async (kind): Promise<TranscodeAnswer> => {
        const service = await startService(kind);
        try {
          return await transcode(service, wav);
        } finally {
          await service.stop();
        }
      }),
    );
    if (!native?.manifest || !embedded?.manifest) throw new Error('a transcode failed');
    const { renditions, loudness, objects, ...same } = native.manifest;
    expect(embedded.manifest).toMatchObject(same);
    expect(embedded.manifest.objects.map(({ path }) => path).toSorted()).toEqual(
      objects.map(({ path }) => path).toSorted(),
    );
    expect(
      Math.abs((embedded.manifest.loudness?.integratedLufs ?? 0) - (loudness?.integratedLufs ?? 0)),
    ).toBeLessThan(0.11);
    expect(
      Math.abs((embedded.manifest.loudness?.truePeakDbtp ?? 0) - (loudness?.truePeakDbtp ?? 0)),
    ).toBeLessThan(0.11);
    const reference = await measureLoudness(wav);
    expect(Math.abs(reference.integratedLufs - (loudness?.integratedLufs ?? 0))).toBeLessThan(0.11);
    expect(Math.abs(reference.rangeLu - (loudness?.rangeLu ?? 0))).toBeLessThan(0.31);
    expect(Math.abs(reference.truePeakDbtp - (loudness?.truePeakDbtp ?? 0))).toBeLessThan(0.11);
    for (const [index, rendition] of renditions.entries()) {
      const other = embedded.manifest.renditions[index];
      expect(Math.abs((other?.bytes ?? 0) / rendition.bytes - 1)).toBeLessThan(0.05);
    }
    for (const name of ALL_RENDITIONS) {
      expect(segmentsOf(embedded.objects, name)).toHaveLength(segmentsOf(native.objects, name).length);
      expect(embedded.objects.get(`${name}/playlist.m3u8`)).toEqual(
        native.objects.get(`${name}/playlist.m3u8`),
      );
    }
    const peaks = [native, embedded].map(
      (answer) => waveformSchema.parse(JSON.parse(String(answer.objects.get('waveform.json')))).peaks,
    );
    expect(peaks[1]).toEqual(peaks[0]);
    const pcm = await Promise.all(
      [native, embedded].map((answer) =>
        convert(wholeRendition(answer.objects, 'lossless'), '-c:a', 'pcm_s24le', '-f', 's24le'),
      ),
    );
    expect(pcm[0]?.equals(wav.subarray(44))).toBe(true);
    expect(pcm[1]?.equals(wav.subarray(44))).toBe(true);
  });
});
