/** Writes media segments: one movie fragment (`moof`) and its data (ISO/IEC 14496-12 §8.8, CMAF §7.3.2.3). */
import type { Frame } from './mp4-reader.ts';

const TRACK_ID = 1;
/** Every audio frame decodes by itself: depends on no other, is no non-sync sample. */
const INDEPENDENT_FRAME_FLAGS = 0x02000000;
const DEFAULT_BASE_IS_MOOF = 0x020000;
const HAS_DEFAULT_DURATION = 0x8;
const HAS_DEFAULT_FLAGS = 0x20;
const HAS_DATA_OFFSET = 0x1;
const HAS_DURATIONS = 0x100;
const HAS_SIZES = 0x200;

function boxHeader(type: string, contentBytes: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + contentBytes);
  header.write(type, 4, 'latin1');
  return header;
}

function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array {
  const contentBytes = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([boxHeader(type, contentBytes), ...contents]);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

/**
 * @param sequenceNumber counted from 1 within a rendition.
 * @param startSample media time of the first frame (`tfdt`), in samples.
 * @returns a media segment that holds `frames` in one fragment.
 */
export function writeSegment(
  sequenceNumber: number,
  startSample: number,
  frames: readonly Frame[],
): Uint8Array {
  const usualDuration = frames[0]?.durationSamples ?? 0;
  const sameDurations = frames.every((frame) => frame.durationSamples === usualDuration);
  const table = frames.flatMap((frame) =>
    sameDurations ? [frame.data.length] : [frame.durationSamples, frame.data.length],
  );
  const runFlags = HAS_DATA_OFFSET | HAS_SIZES | (sameDurations ? 0 : HAS_DURATIONS);
  const moof = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      box('mfhd', words(0, sequenceNumber)),
      box(
        'traf',
        box(
          'tfhd',
          words(
            DEFAULT_BASE_IS_MOOF | HAS_DEFAULT_DURATION | HAS_DEFAULT_FLAGS,
            TRACK_ID,
            usualDuration,
            INDEPENDENT_FRAME_FLAGS,
          ),
        ),
        box('tfdt', words(0x01000000, Math.floor(startSample / 2 ** 32), startSample % 2 ** 32)),
        box('trun', words(runFlags, frames.length, dataOffset, ...table)),
      ),
    );
  const mediaBytes = frames.reduce((sum, { data }) => sum + data.length, 0);
  const mdatHeader = boxHeader('mdat', mediaBytes);
  const head = moof(moof(0).length + mdatHeader.length);
  // One copy for all of it: media is most of what this process moves.
  return Buffer.concat([head, mdatHeader, ...frames.map(({ data }) => data)]);
}

/**
 * @returns the initialisation that ffmpeg wrote, with a `ftyp` that names it CMAF (ISO/IEC 23000-19 §7.2),
 * everything else (edit list with the encoder's delay, codec configuration) as it was.
 */
export function writeInit(ffmpegInit: Uint8Array): Uint8Array {
  const ftypBytes = Buffer.from(ffmpegInit.buffer, ffmpegInit.byteOffset, 4).readUInt32BE(0);
  const brands = Buffer.from('iso6\0\0\0\0iso6cmfcmp41', 'latin1');
  return Buffer.concat([box('ftyp', brands), ffmpegInit.subarray(ftypBytes)]);
}
