import { createHash } from 'node:crypto';
import { crc } from './bit-writer.ts';

/** Reads bits, most significant first. */
class BitReader {
  private readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const byte = this.bytes[this.position >> 3];
      if (byte === undefined) throw new RangeError('The stream ends too early');
      value = value * 2 + ((byte >> (7 - (this.position & 7))) & 1);
      this.position++;
    }
    return value;
  }

  readSigned(bits: number): number {
    const value = this.read(bits);
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  readUnary(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return zeros;
  }

  align(): void {
    this.position = (this.position + 7) & ~7;
  }

  get byte(): number {
    return this.position >> 3;
  }
}

/**
 * Decodes the subset of FLAC that the writer makes, written from the format's description and not from
 * the writer. Throws when a checksum or the MD5 is wrong.
 */
export function decodeFlac(file: Uint8Array): { left: Int32Array; right: Int32Array } {
  const reader = new BitReader(file);
  if (reader.read(32) !== 0x66_4c_61_43) throw new Error('This is not FLAC');
  let total = 0;
  let md5 = '';
  for (let last = 0; last === 0; ) {
    last = reader.read(1);
    const type = reader.read(7);
    const length = reader.read(24);
    const start = reader.position;
    if (type === 0) {
      reader.position += 108;
      total = reader.read(36);
      md5 = Buffer.from(file.subarray(reader.byte, reader.byte + 16)).toString('hex');
    }
    reader.position = start + length * 8;
  }
  const left: number[] = [];
  const right: number[] = [];
  while (left.length < total) decodeFrame(reader, file, left, right);
  const bytes = new Int16Array(left.length * 2);
  left.forEach((value, i) => {
    bytes.set([value, right[i] ?? 0], i * 2);
  });
  const actual = createHash('md5').update(new Uint8Array(bytes.buffer)).digest('hex');
  if (actual !== md5) throw new Error(`MD5 is ${actual}, the header says ${md5}`);
  return { left: Int32Array.from(left), right: Int32Array.from(right) };
}

function decodeFrame(reader: BitReader, file: Uint8Array, left: number[], right: number[]): void {
  const start = reader.byte;
  if (reader.read(16) !== 0xfff8) throw new Error('No frame here');
  const sizeCode = reader.read(4);
  reader.read(4);
  const assignment = reader.read(4);
  reader.read(4);
  for (let more = Math.max(0, Math.clz32(~(reader.read(8) << 24)) - 1); more > 0; more--) reader.read(8);
  const length = sizeCode === 0b0111 ? reader.read(16) + 1 : 4096;
  const headerEnd = reader.byte;
  if (reader.read(8) !== crc(file.subarray(start, headerEnd), 8)) throw new Error('Header checksum');
  const first = decodeSubframe(reader, length, assignment === 0b1001 ? 17 : 16);
  const second = decodeSubframe(reader, length, assignment === 0b1000 || assignment === 0b1010 ? 17 : 16);
  reader.align();
  const end = reader.byte;
  if (reader.read(16) !== crc(file.subarray(start, end), 16)) throw new Error('Frame checksum');
  for (let i = 0; i < length; i++) {
    const a = first[i] ?? 0;
    const b = second[i] ?? 0;
    if (assignment === 0b0001) push(a, b);
    else if (assignment === 0b1000) push(a, a - b);
    else if (assignment === 0b1001) push(a + b, b);
    else {
      const middle = a * 2 + (b & 1);
      push((middle + b) >> 1, (middle - b) >> 1);
    }
  }
  function push(l: number, r: number): void {
    left.push(l);
    right.push(r);
  }
}

function decodeSubframe(reader: BitReader, length: number, bits: number): number[] {
  const type = reader.read(8) >> 1;
  if (type === 0) return new Array<number>(length).fill(reader.readSigned(bits));
  const order = type & 7;
  const samples = Array.from({ length: order }, () => reader.readSigned(bits));
  reader.read(2);
  const partitions = 2 ** reader.read(4);
  const residual: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const parameter = reader.read(4);
    const count = length / partitions - (partition === 0 ? order : 0);
    for (let i = 0; i < count; i++) {
      const folded = reader.readUnary() * 2 ** parameter + reader.read(parameter);
      residual.push(folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);
    }
  }
  const predictors = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];
  for (const value of residual) {
    const predicted = (predictors[order] ?? []).reduce(
      (sum, factor, i) => sum + factor * (samples.at(-1 - i) ?? 0),
      0,
    );
    samples.push(value + predicted);
  }
  return samples;
}
