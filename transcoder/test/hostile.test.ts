/** Files that a careless or hostile uploader sends: each ends as a clear failure and disturbs nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TranscodeFailure } from '../src/contract.ts';
import { makeMusic, makeSilence, type Pcm, writeWav } from './support/audio.ts';
import { availableKinds, convert } from './support/ffmpeg.ts';
import { id3Header, id3Tag } from './support/id3.ts';
import { externalReference, plainM4a } from './support/mp4.ts';
import { startService, type TestService, transcode } from './support/service.ts';

const RATE_HZ = 44_100;
const music = makeMusic(3 * RATE_HZ, RATE_HZ, 2);
const wav = writeWav(music);
const fragmentedMp4 = ['-movflags', '+empty_moov+delay_moov+default_base_moof', '-f', 'mp4'];

const flac = statingSamples(await convert(wav, '-c:a', 'flac', '-f', 'flac'), 3 * RATE_HZ);
const ogg = await convert(wav, '-c:a', 'libvorbis', '-f', 'ogg');
const fragmentedAac = await convert(wav, '-c:a', 'aac', ...fragmentedMp4);
const mp3 = await convert(wav, '-c:a', 'libmp3lame', '-id3v2_version', '0', '-write_xing', '0', '-f', 'mp3');
const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
  .png()
  .toBuffer();

function random(bytes: number, seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (state * 48271) % 2147483647;
      return (state >> 8) & 0xff;
    }),
  );
}

function cut(file: Buffer, share: number): Buffer {
  return file.subarray(0, Math.floor(file.length * share));
}

/** Writes a sample count into STREAMINFO (36 bits), where ffmpeg leaves none in what it writes to a pipe. */
function statingSamples(file: Buffer, samples: number): Buffer {
  const copy = Buffer.from(file);
  const at = 4 + 4 + 10;
  copy.writeBigUInt64BE((copy.readBigUInt64BE(at) & ~((1n << 36n) - 1n)) | BigInt(samples), at);
  return copy;
}

/** @returns an M4A that holds no samples itself but says where they are. */
function referenceMovie(url: string): Buffer {
  const movie = plainM4a(fragmentedAac, externalReference(url));
  const mdat = movie.indexOf('mdat') - 4;
  const mdatBytes = movie.readUInt32BE(mdat);
  const moov = movie.subarray(mdat + mdatBytes);
  return Buffer.concat([movie.subarray(0, mdat), moov]);
}

function playlist(uri: string): Buffer {
  return Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${uri}\n#EXT-X-ENDLIST\n`);
}

function withSamples(change: (samples: Float32Array) => void): Buffer {
  const copy: Pcm = { ...music, samples: Float32Array.from(music.samples) };
  change(copy.samples);
  return writeWav(copy, { format: 'f32' });
}

/** Overwrites the sample rate in a WAV header. */
function withRate(sampleRateHz: number): Buffer {
  const copy = Buffer.from(wav);
  copy.writeUInt32LE(sampleRateHz, 24);
  return copy;
}

interface Hostile {
  name: string;
  make(spyAddress: string): Promise<Buffer> | Buffer;
  codes: TranscodeFailure['code'][];
  /** Skipped with the embedded ffmpeg: decided before ffmpeg starts, or by code that both share. */
  nativeOnly?: boolean;
}

const hostiles: Hostile[] = [
  { name: 'an empty file', make: () => Buffer.alloc(0), codes: ['empty_file'] },
  { name: 'one byte', make: () => Buffer.from([0xff]), codes: ['unsupported_format'], nativeOnly: true },
  { name: 'text', make: () => Buffer.from('la la la\n'.repeat(400)), codes: ['unsupported_format'] },
  { name: 'random bytes', make: () => random(50_000, 7), codes: ['unsupported_format'] },
  {
    name: 'random bytes that begin like FLAC',
    make: () => Buffer.concat([Buffer.from('fLaC'), random(50_000, 8)]),
    codes: ['corrupt', 'no_audio'],
    nativeOnly: true,
  },
  {
    name: 'random bytes that begin like Ogg',
    make: () => Buffer.concat([Buffer.from('OggS\0'), random(50_000, 9)]),
    codes: ['corrupt', 'truncated', 'no_audio'],
    nativeOnly: true,
  },
  {
    name: 'random bytes that begin like MP3',
    make: () => Buffer.concat([id3Tag({}), Buffer.from([0xff, 0xfb, 0x90, 0x64]), random(50_000, 10)]),
    codes: ['corrupt', 'too_short', 'unsupported_format'],
    nativeOnly: true,
  },
  {
    name: 'a playlist that names a local file',
    make: () => playlist('file:///etc/passwd'),
    codes: ['unsupported_format'],
  },
  {
    name: 'a playlist that names an address',
    make: (spy) => playlist(`${spy}/internal`),
    codes: ['unsupported_format'],
  },
  {
    name: 'a playlist behind an ID3 tag',
    make: (spy) => Buffer.concat([id3Tag({}), playlist(`${spy}/tagged`)]),
    codes: ['corrupt', 'unsupported_format'],
    nativeOnly: true,
  },
  {
    name: 'a concat script',
    make: () => Buffer.from('ffconcat version 1.0\nfile /etc/hostname\n'),
    codes: ['unsupported_format'],
  },
  {
    name: 'an M4A whose samples are in another file',
    make: () => referenceMovie('file:///etc/passwd'),
    codes: ['corrupt', 'truncated', 'too_short'],
  },
  {
    name: 'an M4A whose samples are at an address',
    make: (spy) => referenceMovie(`${spy}/samples`),
    codes: ['corrupt', 'truncated', 'too_short'],
  },
  { name: 'a truncated FLAC', make: () => cut(flac, 0.6), codes: ['truncated'] },
  { name: 'a truncated M4A', make: () => cut(plainM4a(fragmentedAac), 0.6), codes: ['truncated'] },
  { name: 'a truncated WAV', make: () => cut(wav, 0.6), codes: ['truncated'] },
  { name: 'a truncated Ogg', make: () => cut(ogg, 0.6), codes: ['truncated'], nativeOnly: true },
  {
    name: 'a FLAC damaged in the middle',
    make: () =>
      Buffer.concat([
        cut(flac, 0.3),
        random(Math.ceil(flac.length * 0.4), 3),
        flac.subarray(Math.floor(flac.length * 0.7)),
      ]),
    codes: ['truncated', 'corrupt'],
  },
  {
    name: 'a video',
    make: () => convert(picture, '-c:v', 'mpeg4', ...fragmentedMp4),
    codes: ['contains_video'],
  },
  { name: 'a picture', make: () => picture, codes: ['unsupported_format'], nativeOnly: true },
  {
    name: 'audio in a container that is not supported',
    make: () => convert(wav, '-c:a', 'libvorbis', '-f', 'matroska'),
    codes: ['unsupported_format'],
    nativeOnly: true,
  },
  {
    name: 'a codec that is not supported',
    make: () => convert(wav, '-c:a', 'ac3', ...fragmentedMp4),
    codes: ['unsupported_format'],
  },
  {
    name: 'a WAV with a codec that is not supported',
    make: () => convert(wav, '-c:a', 'adpcm_ima_wav', '-f', 'wav'),
    codes: ['unsupported_format'],
    nativeOnly: true,
  },
  {
    name: 'a FLAC that says ten hours',
    make: () => statingSamples(flac, 36_000 * RATE_HZ),
    codes: ['too_long'],
  },
  {
    name: '64 channels',
    make: () => writeWav(makeSilence(RATE_HZ, RATE_HZ, 64)),
    codes: ['too_many_channels'],
  },
  {
    name: '9 channels',
    make: () => writeWav(makeSilence(RATE_HZ, RATE_HZ, 9)),
    codes: ['too_many_channels'],
    nativeOnly: true,
  },
  {
    name: 'a WAV without samples',
    make: () => writeWav(makeSilence(0, RATE_HZ, 2)),
    codes: ['too_short', 'corrupt', 'no_audio'],
  },
  { name: 'a tenth of a second', make: () => writeWav(makeSilence(4410, RATE_HZ, 2)), codes: ['too_short'] },
  {
    name: 'an ID3 tag that says it is huge',
    make: () => Buffer.concat([id3Header(0x0fffffff), random(20_000, 4)]),
    codes: ['corrupt', 'unsupported_format'],
  },
  {
    name: 'samples that are not numbers',
    make: () => withSamples((samples) => samples.fill(Number.NaN, 20_000, 60_000)),
    codes: ['corrupt'],
  },
  {
    name: 'infinite samples',
    make: () => withSamples((samples) => samples.fill(Number.POSITIVE_INFINITY, 20_000, 60_000)),
    codes: ['corrupt'],
    nativeOnly: true,
  },
  { name: 'a sample rate of zero', make: () => withRate(0), codes: ['corrupt'], nativeOnly: true },
  {
    name: 'a sample rate of 1 Hz',
    make: () => withRate(1),
    codes: ['corrupt', 'too_long'],
    nativeOnly: true,
  },
  { name: 'a sample rate of 4 GHz', make: () => withRate(0xffffffff), codes: ['corrupt'], nativeOnly: true },
];

/** Pictures that are no covers; the tracks around them are fine. */
const badCovers: { name: string; mediaType: string; make(spyAddress: string): Buffer }[] = [
  { name: 'random bytes', mediaType: 'image/jpeg', make: () => random(20_000, 5) },
  {
    name: 'a picture that says it has 60,000 × 60,000 pixels',
    mediaType: 'image/png',
    make: () => {
      const copy = Buffer.from(picture);
      copy.writeUInt32BE(60_000, 16);
      copy.writeUInt32BE(60_000, 20);
      return copy;
    },
  },
  {
    name: 'an SVG that names an address',
    mediaType: 'image/svg+xml',
    make: (spy) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${spy}/svg"/></svg>`),
  },
  {
    name: 'an SVG that says it is a PNG',
    mediaType: 'image/png',
    make: (spy) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${spy}/svg"/></svg>`),
  },
];

for (const kind of await availableKinds()) {
  describe(`with the ${kind} ffmpeg`, () => {
    let service: TestService;
    let spy: Server;
    let spyAddress: string;
    const visits: string[] = [];

    beforeAll(async () => {
      service = await startService(kind);
      spy = createServer((request, response) => {
        visits.push(request.url ?? '');
        response.end();
      });
      spy.on('connection', () => visits.push('connection'));
      await new Promise<void>((resolve) => spy.listen(0, '127.0.0.1', resolve));
      spyAddress = `http://127.0.0.1:${(spy.address() as AddressInfo).port}`;
    });
    afterAll(async () => {
      await service.stop();
      spy.close();
    });

    for (const { name, make, codes } of hostiles.filter(
      ({ nativeOnly }) => kind === 'native' || !nativeOnly,
    )) {
      test(`${name} is ${codes.join(' or ')}`, async () => {
        const { failure, manifest } = await transcode(service, await make(spyAddress));
        expect(manifest?.sampleCount).toBeUndefined();
        expect(codes).toContain(failure?.code);
        expect(failure?.detail).toMatch(/^[A-Z].+\.$/);
        expect(failure?.detail).not.toMatch(/tmp|source|ffmpeg|\/etc/);
        expect(await service.jobFolders()).toEqual([]);
      });
    }

    for (const { name, mediaType, make } of badCovers.slice(0, kind === 'native' ? undefined : 1)) {
      test(`a cover of ${name} means no artwork`, async () => {
        const tag = id3Tag({ TIT2: 'Fine' }, { mediaType, bytes: make(spyAddress) });
        const { manifest, failure } = await transcode(service, Buffer.concat([tag, mp3]));
        expect(failure).toBeNull();
        expect(manifest?.artwork).toBeNull();
        expect(manifest?.tags.title).toBe('Fine');
      });
    }

    test('afterwards it serves a good file, and no address was contacted', async () => {
      const { manifest } = await transcode(service, wav);
      expect(manifest?.sampleCount).toBe(3 * RATE_HZ);
      expect(await service.jobFolders()).toEqual([]);
      expect(visits).toEqual([]);
    });
  });
}
