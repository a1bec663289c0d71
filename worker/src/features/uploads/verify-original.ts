import { ProblemError } from '../../platform/errors.ts';
import { isKnownAudio, SNIFF_BYTES } from './sniff.ts';

/** Returns what is wrong with an assembled original, or null when it is what was promised. */
export async function verifyOriginal(
  media: R2Bucket,
  key: string,
  promised: { sizeBytes: number; sha256: string | null },
): Promise<ProblemError | null> {
  const head = await media.get(key, { range: { offset: 0, length: SNIFF_BYTES } });
  if (head === null) throw new Error('the original is gone from the bucket');
  if (head.size !== promised.sizeBytes) {
    await head.body.cancel();
    return new ProblemError(
      'size_mismatch',
      `${promised.sizeBytes} bytes were announced and ${head.size} arrived. Please upload the file again.`,
    );
  }
  if (!isKnownAudio(new Uint8Array(await head.arrayBuffer()))) {
    return new ProblemError(
      'unsupported_format',
      'This does not look like a recording. Melro takes MP3, FLAC, WAV, AIFF, M4A, Ogg Vorbis and Opus files.',
    );
  }
  if (promised.sha256 !== null && (await sha256Of(media, key)) !== promised.sha256) {
    return new ProblemError(
      'checksum_mismatch',
      'The file that arrived is not the file that was sent: their checksums differ. Please upload it again.',
    );
  }
  return null;
}

async function sha256Of(media: R2Bucket, key: string): Promise<string> {
  const object = await media.get(key);
  if (object === null) throw new Error('the original is gone from the bucket');
  const digest = new crypto.DigestStream('SHA-256');
  await object.body.pipeTo(digest);
  return Array.from(new Uint8Array(await digest.digest), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}
