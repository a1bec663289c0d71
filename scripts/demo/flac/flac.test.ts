import { execFileSync } from 'node:child_process';
import { parseBuffer } from 'music-metadata';
import { expect, test } from 'vitest';
import { createRandom } from '../synth/random.ts';
import { decodeFlac } from './decode-for-test.ts';
import { encodeFlac } from './flac-writer.ts';

const LENGTH = 4096 * 5 + 777;

/** Tones, noise, silence and full scale: everything the predictors and the Rice coder meet. */
function signal(): { left: Int32Array; right: Int32Array } {
  const random = createRandom('flac');
  const left = new Int32Array(LENGTH);
  const right = new Int32Array(LENGTH);
  for (let i = 0; i < LENGTH; i++) {
    const noise = i > 8000 && i < 9500 ? random.range(-30_000, 30_000) : 0;
    left[i] = i > 12_300 && i < 16_400 ? 0 : Math.round(2000 * Math.sin(i * 0.03) + noise);
    right[i] = Math.round(1500 * Math.sin(i * 0.03 + 0.4) + random.range(-3, 3));
  }
  left.set([32_767, -32_768, 32_767], 5);
  right.set([-32_768, 32_767, -32_768], 5);
  return { left, right };
}

const { left, right } = signal();
const picture = {
  mediaType: 'image/jpeg',
  bytes: new Uint8Array(300).fill(7),
  widthPixels: 3,
  heightPixels: 2,
};
const file = encodeFlac(left, right, {
  sampleRate: 44_100,
  tags: { TITLE: 'Café às Seis', ARTIST: 'Trio', ALBUM: 'Varanda', TRACKNUMBER: '2', TRACKTOTAL: '3' },
  picture,
});

test('decodes to the very same samples, with correct checksums and MD5', () => {
  const decoded = decodeFlac(file);
  expect(decoded.left).toEqual(left);
  expect(decoded.right).toEqual(right);
  expect(file.length).toBeLessThan(LENGTH * 4 * 0.6);
});

const ffmpeg = ((): boolean => {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!ffmpeg)('ffmpeg decodes it to the very same samples', () => {
  const pcm = execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', 'pipe:0', '-f', 's16le', 'pipe:1'], {
    input: file,
    maxBuffer: 1 << 28,
  });
  const samples = new Int16Array(new Uint8Array(pcm).buffer);
  expect(samples.filter((_, i) => i % 2 === 0)).toEqual(Int16Array.from(left));
  expect(samples.filter((_, i) => i % 2 === 1)).toEqual(Int16Array.from(right));
});

test('carries tags and cover', async () => {
  const { common, format } = await parseBuffer(file, { mimeType: 'audio/flac' });
  expect(common).toMatchObject({
    title: 'Café às Seis',
    artist: 'Trio',
    album: 'Varanda',
    track: { no: 2, of: 3 },
  });
  expect(common.picture?.[0]).toMatchObject({ format: 'image/jpeg', type: 'Cover (front)' });
  expect(common.picture?.[0]?.data).toHaveLength(300);
  expect(format).toMatchObject({
    sampleRate: 44_100,
    numberOfChannels: 2,
    bitsPerSample: 16,
    lossless: true,
  });
  expect(format.duration).toBeCloseTo(LENGTH / 44_100, 6);
});

test('refuses what it cannot describe', () => {
  expect(() => encodeFlac(new Int32Array(2), new Int32Array(3), { sampleRate: 44_100, tags: {} })).toThrow(
    RangeError,
  );
});
