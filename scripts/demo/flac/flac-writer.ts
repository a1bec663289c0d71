import { createHash } from 'node:crypto';
import { BitWriter, crc } from './bit-writer.ts';
import { pictureBlock, streamInfoBlock, vorbisCommentBlock } from './metadata.ts';
import { planSubframe, roughCost, writeSubframe } from './subframe.ts';

const BLOCK_LENGTH = 4096;

export type FlacPicture = { mediaType: string; bytes: Uint8Array; widthPixels: number; heightPixels: number };

export type FlacOptions = {
  sampleRate: 44_100;
  /** Vorbis comments by field name, for example `TITLE`. */
  tags: Readonly<Record<string, string>>;
  picture?: FlacPicture;
};

/**
 * Returns a FLAC file with the given 16-bit stereo samples, tags and front cover.
 * Throws a RangeError when the channels differ in length or are empty.
 */
export function encodeFlac(
  left: Int32Array,
  right: Int32Array,
  options: FlacOptions,
): Uint8Array<ArrayBuffer> {
  if (left.length !== right.length || left.length === 0) {
    throw new RangeError('FLAC needs two channels of the same length');
  }
  const frames = new BitWriter(left.length * 2);
  const frameSizes: number[] = [];
  for (let first = 0; first < left.length; first += BLOCK_LENGTH) {
    const last = Math.min(left.length, first + BLOCK_LENGTH);
    const before = frames.byteLength;
    writeFrame(frames, frameSizes.length, left.subarray(first, last), right.subarray(first, last));
    frameSizes.push(frames.byteLength - before);
  }
  const blocks = [
    streamInfoBlock({
      blockLength: BLOCK_LENGTH,
      smallestFrameBytes: frameSizes.reduce((a, b) => Math.min(a, b)),
      largestFrameBytes: frameSizes.reduce((a, b) => Math.max(a, b)),
      sampleRate: options.sampleRate,
      totalFrames: left.length,
      md5: md5(left, right),
    }),
    vorbisCommentBlock(options.tags),
    ...(options.picture === undefined ? [] : [pictureBlock(options.picture)]),
  ];
  const header = new BitWriter();
  for (const byte of Buffer.from('fLaC')) header.write(byte, 8);
  const parts: Uint8Array[] = [header.view()];
  blocks.forEach(({ type, body }, i) => {
    const head = new BitWriter(4);
    head.write(i === blocks.length - 1 ? 1 : 0, 1);
    head.write(type, 7);
    head.write(body.length, 24);
    parts.push(head.view(), body);
  });
  parts.push(frames.view());
  return new Uint8Array(Buffer.concat(parts));
}

type Pair = {
  assignment: number;
  samples: readonly [Int32Array, Int32Array];
  bits: readonly [number, number];
};

function writeFrame(writer: BitWriter, number: number, left: Int32Array, right: Int32Array): void {
  const start = writer.byteLength;
  const { assignment, samples, bits } = bestPair(left, right);
  const usual = left.length === BLOCK_LENGTH;
  writer.write(0xfff8, 16);
  writer.write(usual ? 0b1100 : 0b0111, 4);
  writer.write(0b1001, 4);
  writer.write(assignment, 4);
  writer.write(0b1000, 4);
  for (const byte of utf8Number(number)) writer.write(byte, 8);
  if (!usual) writer.write(left.length - 1, 16);
  writer.write(crc(writer.view(start), 8), 8);
  writeSubframe(writer, planSubframe(samples[0], bits[0]));
  writeSubframe(writer, planSubframe(samples[1], bits[1]));
  writer.align();
  writer.write(crc(writer.view(start), 16), 16);
}

/** Chooses between left/right, left/side, side/right and mid/side, whichever promises to be smallest. */
function bestPair(left: Int32Array, right: Int32Array): Pair {
  const side = new Int32Array(left.length);
  const middle = new Int32Array(left.length);
  for (let i = 0; i < left.length; i++) {
    const l = left[i] ?? 0;
    const r = right[i] ?? 0;
    side[i] = l - r;
    middle[i] = (l + r) >> 1;
  }
  const [l, r, s, m] = [roughCost(left), roughCost(right), roughCost(side), roughCost(middle)] as const;
  const candidates: (Pair & { cost: number })[] = [
    { assignment: 0b0001, samples: [left, right], bits: [16, 16], cost: l + r },
    { assignment: 0b1000, samples: [left, side], bits: [16, 17], cost: l + s },
    { assignment: 0b1001, samples: [side, right], bits: [17, 16], cost: s + r },
    { assignment: 0b1010, samples: [middle, side], bits: [16, 17], cost: m + s },
  ];
  return candidates.reduce((a, b) => (a.cost <= b.cost ? a : b));
}

/** Returns a number in the extended UTF-8 form that FLAC counts its frames in. */
function utf8Number(value: number): number[] {
  if (value < 0x80) return [value];
  if (value < 0x800) return [0xc0 | (value >> 6), 0x80 | (value & 0x3f)];
  return [0xe0 | (value >> 12), 0x80 | ((value >> 6) & 0x3f), 0x80 | (value & 0x3f)];
}

function md5(left: Int32Array, right: Int32Array): Uint8Array {
  const bytes = new Uint8Array(left.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < left.length; i++) {
    view.setInt16(i * 4, left[i] ?? 0, true);
    view.setInt16(i * 4 + 2, right[i] ?? 0, true);
  }
  return createHash('md5').update(bytes).digest();
}
