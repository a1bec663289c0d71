/**
 * Reads the fragmented MP4 that ffmpeg writes to a pipe (ISO/IEC 14496-12): the initialisation (`ftyp` and
 * `moov`) once, then encoded frames as their fragments arrive.
 */

/** One encoded frame. */
export interface Frame {
  data: Uint8Array;
  durationSamples: number;
}

/** No box that ffmpeg makes here comes near; a larger one means that the stream cannot be trusted. */
const MAX_BOX_BYTES = 64 * 1024 * 1024;

const HEADER_BYTES = 8;

/** A box: its type and the place of its content within the bytes that were given. */
export interface Box {
  type: string;
  content: Uint8Array;
  /** Header and content. */
  whole: Uint8Array;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function boxType(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
}

/** @returns the boxes that follow one another in `bytes`. @throws where a size does not fit. */
export function readBoxes(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= bytes.length) {
    const size = view(bytes).getUint32(offset);
    if (size < HEADER_BYTES || offset + size > bytes.length) throw new Error('MP4 box with a wrong size');
    const whole = bytes.subarray(offset, offset + size);
    boxes.push({ type: boxType(bytes, offset), content: whole.subarray(HEADER_BYTES), whole });
    offset += size;
  }
  return boxes;
}

/** @returns the content of the first box at `path` within `bytes`, or undefined. */
export function findBox(bytes: Uint8Array, ...path: readonly string[]): Uint8Array | undefined {
  let content: Uint8Array | undefined = bytes;
  for (const type of path) {
    if (!content) return undefined;
    content = readBoxes(content).find((box) => box.type === type)?.content;
  }
  return content;
}

/** Durations and sizes of a fragment's frames, from `tfhd` and `trun` (§8.8.7 and §8.8.8). */
function readFrameTable(moof: Uint8Array): FrameEntry[] {
  const tfhd = findBox(moof, 'traf', 'tfhd');
  const trun = findBox(moof, 'traf', 'trun');
  if (!tfhd || !trun) throw new Error('MP4 fragment without frames');
  const head = view(tfhd);
  const headFlags = head.getUint32(0) & 0xffffff;
  let at = 8;
  if (headFlags & 0x1) at += 8;
  if (headFlags & 0x2) at += 4;
  const defaultDuration = headFlags & 0x8 ? head.getUint32(at) : 0;
  if (headFlags & 0x8) at += 4;
  const defaultSize = headFlags & 0x10 ? head.getUint32(at) : 0;

  const run = view(trun);
  const runFlags = run.getUint32(0) & 0xffffff;
  const count = run.getUint32(4);
  at = 8 + (runFlags & 0x1 ? 4 : 0) + (runFlags & 0x4 ? 4 : 0);
  return Array.from({ length: count }, () => {
    const take = (flag: number, fallback: number): number => {
      if (!(runFlags & flag)) return fallback;
      at += 4;
      return run.getUint32(at - 4);
    };
    const frame = { durationSamples: take(0x100, defaultDuration), bytes: take(0x200, defaultSize) };
    take(0x400, 0);
    take(0x800, 0);
    return frame;
  });
}

interface FrameEntry {
  durationSamples: number;
  bytes: number;
}

/** Bytes that have arrived and were not taken yet; copies only what lies across two pieces. */
class Pending {
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** @returns the next `count` bytes, which must be there, without taking them. */
  peek(count: number): Uint8Array {
    const first = this.#pieces[0];
    if (first && first.length >= count) return first.subarray(0, count);
    this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]?.subarray(0, count) ?? new Uint8Array();
  }

  take(count: number): Uint8Array {
    if (count === 0) return new Uint8Array(0);
    const first = this.#pieces[0];
    if (first && first.length >= count) {
      this.#bytes -= count;
      if (first.length === count) this.#pieces.shift();
      else this.#pieces[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const parts: Uint8Array[] = [];
    let missing = count;
    while (missing > 0) {
      const part = this.#pieces[0];
      if (!part) throw new Error('MP4 bytes taken that are not there');
      parts.push(this.take(Math.min(missing, part.length)));
      missing -= Math.min(missing, part.length);
    }
    return Buffer.concat(parts);
  }
}

/** Takes the stream in pieces of any size. */
export class FragmentedMp4Reader {
  readonly #pending = new Pending();
  readonly #onInit: (init: Uint8Array) => void;
  #init: Uint8Array[] = [];
  /** Frames that the last `moof` announced and that were not read yet. */
  #announced: FrameEntry[] = [];
  #nextFrame = 0;
  /** What is left of the `mdat` that is being read. */
  #mediaBytes = 0;

  /** @param onInit receives `ftyp` and `moov` as soon as both are there. */
  constructor(onInit: (init: Uint8Array) => void) {
    this.#onInit = onInit;
  }

  /** @returns the frames that this piece of the stream completes. @throws on anything that is no MP4. */
  push(chunk: Uint8Array): Frame[] {
    this.#pending.add(chunk);
    const frames: Frame[] = [];
    while (this.#step(frames)) {
      // One box or frame at a time.
    }
    return frames;
  }

  /** @returns whether there may be more to do. */
  #step(frames: Frame[]): boolean {
    if (this.#mediaBytes > 0) return this.#readFrame(frames);
    if (this.#pending.bytes < HEADER_BYTES) return false;
    const header = this.#pending.peek(HEADER_BYTES);
    const size = view(header).getUint32(0);
    const type = boxType(header, 0);
    if (size < HEADER_BYTES || size > MAX_BOX_BYTES) throw new Error('MP4 box with a wrong size');
    if (type === 'mdat') {
      if (this.#nextFrame >= this.#announced.length) throw new Error('MP4 data without a fragment');
      this.#pending.take(HEADER_BYTES);
      this.#mediaBytes = size - HEADER_BYTES;
      return true;
    }
    if (this.#pending.bytes < size) return false;
    this.#takeBox(type, this.#pending.take(size));
    return true;
  }

  #readFrame(frames: Frame[]): boolean {
    const entry = this.#announced[this.#nextFrame];
    if (!entry || entry.bytes > this.#mediaBytes) throw new Error('MP4 fragment longer than its data');
    if (this.#pending.bytes < entry.bytes) return false;
    frames.push({ data: this.#pending.take(entry.bytes), durationSamples: entry.durationSamples });
    this.#mediaBytes -= entry.bytes;
    this.#nextFrame += 1;
    return true;
  }

  #takeBox(type: string, whole: Uint8Array): void {
    if (type === 'ftyp' || type === 'moov') {
      this.#init.push(whole);
      if (type === 'moov') this.#onInit(Buffer.concat(this.#init));
    } else if (type === 'moof') {
      this.#announced = readFrameTable(whole.subarray(HEADER_BYTES));
      this.#nextFrame = 0;
    }
  }
}
