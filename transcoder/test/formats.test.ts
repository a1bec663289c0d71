/** The forms in which musicians really upload: each becomes the track that it is. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../src/contract.ts';
import { makeMusic, makeSilence, type Pcm, writeAiff, writeW64, writeWav } from './support/audio.ts';
import { availableKinds, convert } from './support/ffmpeg.ts';
import { id3Tag } from './support/id3.ts';
import { plainM4a } from './support/mp4.ts';
import { startService, type TestService, transcode } from './support/service.ts';

const SECONDS = 3;

function music(sampleRateHz: number, channels: number): Pcm {
  return makeMusic(SECONDS * sampleRateHz, sampleRateHz, channels);
}

const stereo = music(44_100, 2);
const stereoWav = writeWav(stereo);
const fragmentedMp4 = ['-movflags', '+empty_moov+delay_moov+default_base_moof', '-f', 'mp4'];

interface Form {
  name: string;
  make(): Promise<Buffer> | Buffer;
  sampleRateHz: 44_100 | 48_000;
  channels: 1 | 2;
  /** How far the sample count may be off; lossy formats without gapless information keep their padding. */
  toleranceSamples: number;
  source: Partial<Manifest['source']>;
  /** Skipped with the embedded ffmpeg, which takes its time and shares all of this code. */
  nativeOnly?: boolean;
}

const exact = { sampleRateHz: 44_100, channels: 2, toleranceSamples: 0 } as const;

const forms: Form[] = [
  {
    ...exact,
    name: 'MP3, constant bitrate',
    make: () => convert(stereoWav, '-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'),
    // Written to a pipe, the header that would tell the exact length stays empty.
    toleranceSamples: 3000,
    source: { container: 'mp3', codec: 'mp3', lossless: false, bitsPerSample: null },
  },
  {
    ...exact,
    name: 'MP3, variable bitrate without a Xing header',
    make: () => convert(stereoWav, '-c:a', 'libmp3lame', '-q:a', '3', '-write_xing', '0', '-f', 'mp3'),
    toleranceSamples: 3000,
    source: { codec: 'mp3' },
    nativeOnly: true,
  },
  {
    ...exact,
    name: 'FLAC, 24 bit, 96 kHz',
    make: () => convert(writeWav(music(96_000, 2), { format: 's24' }), '-c:a', 'flac', '-f', 'flac'),
    sampleRateHz: 48_000,
    source: { container: 'flac', codec: 'flac', sampleRateHz: 96_000, bitsPerSample: 24, lossless: true },
  },
  {
    ...exact,
    name: 'FLAC, 192 kHz, mono',
    make: () => convert(writeWav(music(192_000, 1), { format: 's24' }), '-c:a', 'flac', '-f', 'flac'),
    sampleRateHz: 48_000,
    channels: 1,
    source: { sampleRateHz: 192_000, channels: 1 },
    nativeOnly: true,
  },
  ...(['u8', 's16', 's24', 's32', 'f32'] as const).map(
    (format): Form => ({
      ...exact,
      name: `WAV, ${format}`,
      make: () => writeWav(stereo, { format }),
      source: {
        container: 'wav',
        codec: `pcm_${format}${format === 'u8' ? '' : 'le'}`,
        bitsPerSample: format === 'u8' ? 8 : Number(format.slice(1)),
        lossless: true,
      },
      nativeOnly: format !== 'f32',
    }),
  ),
  { ...exact, name: 'WAV, RF64', make: () => writeWav(stereo, { rf64: true }), source: {}, nativeOnly: true },
  ...[0, 0xffffffff, 0x7fffffff].map(
    (statedDataBytes): Form => ({
      ...exact,
      name: `WAV that was piped and says it has ${statedDataBytes} bytes`,
      make: () => writeWav(stereo, { statedDataBytes }),
      source: { codec: 'pcm_s16le' },
      nativeOnly: true,
    }),
  ),
  {
    ...exact,
    name: 'W64',
    make: () => writeW64(stereo),
    source: { container: 'w64' },
    nativeOnly: true,
  },
  { ...exact, name: 'WAV, 5.1', make: () => writeWav(music(44_100, 6)), source: { channels: 6 } },
  {
    ...exact,
    name: 'WAV, 7.1',
    make: () => writeWav(music(44_100, 8)),
    source: { channels: 8 },
    nativeOnly: true,
  },
  ...([22_050, 88_200, 32_000, 8_000, 37_800] as const).map(
    (sampleRateHz): Form => ({
      ...exact,
      name: `WAV, mono, ${sampleRateHz} Hz`,
      make: () => writeWav(music(sampleRateHz, 1)),
      sampleRateHz: [32_000, 8_000].includes(sampleRateHz) ? 48_000 : 44_100,
      channels: 1,
      toleranceSamples: 1,
      source: { sampleRateHz },
      nativeOnly: sampleRateHz !== 22_050,
    }),
  ),
  {
    ...exact,
    name: 'AIFF',
    make: () => writeAiff(stereo),
    source: { container: 'aiff', codec: 'pcm_s16be', lossless: true },
  },
  {
    ...exact,
    name: 'M4A, AAC',
    make: async () => plainM4a(await convert(stereoWav, '-c:a', 'aac', '-b:a', '160k', ...fragmentedMp4)),
    // This writer leaves out the edit list, so the priming is kept.
    toleranceSamples: 3000,
    source: { container: 'mp4', codec: 'aac', lossless: false },
  },
  {
    ...exact,
    name: 'M4A, Apple Lossless',
    make: async () => plainM4a(await convert(stereoWav, '-c:a', 'alac', ...fragmentedMp4)),
    toleranceSamples: 4096,
    source: { container: 'mp4', codec: 'alac', bitsPerSample: 16, lossless: true },
  },
  {
    ...exact,
    name: 'Ogg Vorbis',
    make: () => convert(stereoWav, '-c:a', 'libvorbis', '-q:a', '4', '-f', 'ogg'),
    source: { container: 'ogg', codec: 'vorbis', lossless: false },
  },
  {
    ...exact,
    name: 'Opus',
    // ffmpeg's own encoder, because the embedded build cannot run the other one.
    make: () =>
      convert(stereoWav, '-ar', '48000', '-c:a', 'opus', '-strict', '-2', '-b:a', '128k', '-f', 'opus'),
    sampleRateHz: 48_000,
    toleranceSamples: 3000,
    source: { container: 'ogg', codec: 'opus', lossless: false },
  },
];

for (const kind of await availableKinds()) {
  describe(`with the ${kind} ffmpeg`, () => {
    let service: TestService;
    beforeAll(async () => {
      service = await startService(kind);
    });
    afterAll(() => service.stop());

    for (const form of forms.filter(({ nativeOnly }) => kind === 'native' || !nativeOnly)) {
      test(form.name, async () => {
        const { manifest, failure } = await transcode(service, await form.make());
        expect(failure).toBeNull();
        expect(manifest?.sampleRateHz).toBe(form.sampleRateHz);
        expect(manifest?.channels).toBe(form.channels);
        expect(manifest?.source).toMatchObject(form.source);
        const expected = SECONDS * form.sampleRateHz;
        expect(Math.abs((manifest?.sampleCount ?? 0) - expected)).toBeLessThanOrEqual(form.toleranceSamples);
        expect(manifest?.renditions).toHaveLength(5);
        expect(manifest?.loudness?.integratedLufs).toBeGreaterThan(-24);
        expect(manifest?.loudness?.integratedLufs).toBeLessThan(-5);
      });
    }

    test('tags and a large cover', async () => {
      const cover = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#c02040' } })
        .jpeg({ quality: 100 })
        .toBuffer();
      const tag = id3Tag(
        {
          TIT2: `Über\u0007 den\n\u202eWolken ${'x'.repeat(600)}`,
          TPE1: 'Jürgen & 日本',
          TALB: 'Album',
          TRCK: '7/12',
          TPOS: '2/2',
          TYER: '2024',
          TCON: 'Ambient',
        },
        { mediaType: 'image/jpeg', bytes: cover },
      );
      const mp3 = await convert(
        stereoWav,
        '-map_metadata',
        '-1',
        '-c:a',
        'libmp3lame',
        '-id3v2_version',
        '0',
        '-f',
        'mp3',
      );
      const { manifest, objects } = await transcode(service, Buffer.concat([tag, mp3]));
      expect(manifest?.tags).toMatchObject({
        artist: 'Jürgen & 日本',
        album: 'Album',
        albumArtist: null,
        trackNumber: 7,
        discNumber: 2,
        date: '2024',
        genre: 'Ambient',
      });
      expect(manifest?.tags.title).toMatch(/^Über den Wolken x+$/);
      expect(manifest?.tags.title).toHaveLength(500);
      expect(manifest?.artwork?.placeholder).toMatch(/^data:image\/webp;base64,/);
      expect(manifest?.artwork?.colours[0]).toMatch(/^#[bc][0-9a-f][12][0-9a-f][34][0-9a-f]$/);
      for (const size of [64, 300, 640]) {
        const { width, height, format } = await sharp(objects.get(`artwork/${size}.webp`)).metadata();
        expect({ width, height, format }).toEqual({ width: size, height: size, format: 'webp' });
      }
    });

    test('digital silence has no loudness', async () => {
      const { manifest } = await transcode(service, writeWav(makeSilence(2 * 44_100, 44_100, 2)));
      expect(manifest?.loudness).toBeNull();
      expect(manifest?.clippedSampleCount).toBe(0);
    });
  });
}

test('clipped samples are counted, and 24 bits are kept', async () => {
  const service = await startService('auto');
  try {
    const loud: Pcm = { ...stereo, samples: stereo.samples.map((value) => value * 8) };
    const expected = loud.samples.filter((value) => Math.abs(Math.round(value * 32768)) >= 32767);
    const { manifest } = await transcode(service, writeWav(loud));
    expect(manifest?.clippedSampleCount).toBe(expected.length);

    const fine = music(48_000, 2);
    const wav = writeWav(fine, { format: 's24' });
    const { objects } = await transcode(service, wav);
    const segments = [0, 1].map((index) => objects.get(`lossless/${index}.m4s`) ?? Buffer.alloc(0));
    const whole = Buffer.concat([objects.get('lossless/init.mp4') ?? Buffer.alloc(0), ...segments]);
    const pcm = await convert(whole, '-c:a', 'pcm_s24le', '-f', 's24le');
    expect(pcm.equals(wav.subarray(44))).toBe(true);
  } finally {
    await service.stop();
  }
});
