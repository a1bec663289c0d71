import { encodeFlac } from '../../../scripts/demo/flac/flac-writer.ts';

const SAMPLE_RATE_HZ = 44_100;

/** Returns a stereo FLAC file of one tone that carries tags (Vorbis comments, such as `TITLE`). */
export function makeFlac(
  durationSeconds: number,
  hz: number,
  tags: Readonly<Record<string, string>>,
): Buffer {
  const tone = Int32Array.from({ length: durationSeconds * SAMPLE_RATE_HZ }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ)),
  );
  return Buffer.from(encodeFlac(tone, tone, { sampleRate: SAMPLE_RATE_HZ, tags }));
}
