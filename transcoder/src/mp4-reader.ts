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
function readFrameTable(moof: Uint8Array): { durationSamples: number; bytes: number }[] {
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

/** Takes the stream in pieces of any size. */
export class FragmentedMp4Reader {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #wantedBytes = HEADER_BYTES;
  #init: Uint8Array[] = [];
  #frameTable: { durationSamples: number; bytes: number }[] | undefined;
  readonly #onInit: (init: Uint8Array) => void;

  /** @param onInit receives `ftyp` and `moov` as soon as both are there. */
  constructor(onInit: (init: Uint8Array) => void) {
    this.#onInit = onInit;
  }

  /** @returns the frames that this piece of the stream completes. @throws on anything that is no MP4. */
  push(chunk: Uint8Array): Frame[] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    const frames: Frame[] = [];
    while (this.#pendingBytes >= this.#wantedBytes) {
      const bytes = this.#pending.length === 1 ? (this.#pending[0] ?? chunk) : Buffer.concat(this.#pending);
      const size = view(bytes).getUint32(0);
      if (size < HEADER_BYTES || size > MAX_BOX_BYTES) throw new Error('MP4 box with a wrong size');
      this.#pending = [bytes];
      this.#wantedBytes = size;
      if (bytes.length < size) break;
      frames.push(...this.#takeBox(boxType(bytes, 0), bytes.subarray(0, size)));
      this.#pending = [bytes.subarray(size)];
      this.#pendingBytes -= size;
      this.#wantedBytes = HEADER_BYTES;
    }
    return frames;
  }

  #takeBox(type: string, whole: Uint8Array): Frame[] {
    const content = whole.subarray(HEADER_BYTES);
    if (type === 'ftyp' || type === 'moov') {
      this.#init.push(whole);
      if (type === 'moov') this.#onInit(Buffer.concat(this.#init));
    } else if (type === 'moof') {
      this.#frameTable = readFrameTable(content);
    } else if (type === 'mdat') {
      const table = this.#frameTable;
      if (!table) throw new Error('MP4 data without a fragment');
      this.#frameTable = undefined;
      let offset = 0;
      return table.map(({ durationSamples, bytes }) => {
        const data = content.subarray(offset, offset + bytes);
        if (data.length !== bytes) throw new Error('MP4 fragment longer than its data');
        offset += bytes;
        return { data, durationSamples };
      });
    }
    return [];
  }
}
