/**
 * Reads from an original's own structure what ffprobe does not tell: which container it is by its magic
 * bytes, whether its end is missing, and whether its stated length can be trusted.
 */
import { type FileHandle, open } from 'node:fs/promises';

/** What the bytes say, before any decoder has seen them. */
export interface SourceStructure {
  /** The container by its magic bytes; null where they name none that is supported. */
  container: 'mp3' | 'flac' | 'wav' | 'w64' | 'aiff' | 'mp4' | 'ogg' | null;
  /** Bytes that the container promises are not in the file. */
  isIncomplete: boolean;
  /** Whether the duration that ffprobe reports comes from a count in the file, or is only an estimate. */
  statesDuration: boolean;
}

const HEAD_BYTES = 64 * 1024;
/** The largest Ogg page is 65,307 bytes (RFC 3533 §6), so the last one begins within this. */
const OGG_TAIL_BYTES = 2 * 65_536;
const ID3_HEADER_BYTES = 10;
/** ID3v2 tags that follow one another; more are not looked at. */
const MAX_ID3_TAGS = 4;
/** RIFF sizes at or above this are what programs write that did not know the size (2 or 4 GiB, less headers). */
const RIFF_UNKNOWN_BYTES = 0x7fff_0000;
/** What follows `riff` in the first GUID of a Sony Wave64 file. */
const W64_GUID_TAIL = '2e91cf11a5d628db04c10000';

/** @throws only where the file cannot be read. */
export async function readStructure(path: string): Promise<SourceStructure> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const offset = await skipId3(file);
    const head = await readAt(file, offset, HEAD_BYTES);
    const text = (from: number, to: number): string => head.toString('latin1', from, to);
    const is = (
      container: SourceStructure['container'],
      isIncomplete = false,
      statesDuration = true,
    ): SourceStructure => ({ container, isIncomplete, statesDuration });

    if (text(0, 4) === 'fLaC') return is('flac');
    if (['RIFF', 'RF64', 'BW64'].includes(text(0, 4)) && text(8, 12) === 'WAVE') {
      const missing = await missingWavBytes(file, offset, size);
      return is('wav', missing !== null && missing > 0, missing !== null);
    }
    if (text(0, 4) === 'riff' && head.toString('hex', 4, 16) === W64_GUID_TAIL) return is('w64');
    if (text(0, 4) === 'FORM' && ['AIFF', 'AIFC'].includes(text(8, 12))) return is('aiff');
    if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(text(4, 8))) return is('mp4');
    if (text(0, 4) === 'OggS') return is('ogg', await isOggCut(file, size));
    const frame = findMpegFrame(head);
    if (frame !== null) return is('mp3', false, statesFrameCount(head, frame));
    return is(offset > 0 ? 'mp3' : null, false, false);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** @returns where the content begins after the ID3v2 tags at the start (id3v2.4.0-structure §3.1). */
async function skipId3(file: FileHandle): Promise<number> {
  let offset = 0;
  for (let tag = 0; tag < MAX_ID3_TAGS; tag += 1) {
    const header = await readAt(file, offset, ID3_HEADER_BYTES);
    if (header.length < ID3_HEADER_BYTES || header.toString('latin1', 0, 3) !== 'ID3') break;
    const syncSafe = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((header[at] ?? 0) & 0x7f), 0);
    const hasFooter = ((header[5] ?? 0) & 0x10) !== 0;
    offset += ID3_HEADER_BYTES + syncSafe + (hasFooter ? ID3_HEADER_BYTES : 0);
  }
  return offset;
}

/**
 * @returns how many bytes the `data` chunk promises beyond the end of the file, or null where the header
 * leaves its size open, as programs do that write to a pipe (EBU Tech 3306 for RF64).
 */
async function missingWavBytes(file: FileHandle, start: number, fileBytes: number): Promise<number | null> {
  let position = start + 12;
  let longDataBytes: number | null = null;
  while (position + 8 <= fileBytes) {
    const header = await readAt(file, position, 36);
    if (header.length < 8) return null;
    const id = header.toString('latin1', 0, 4);
    const bytes = header.readUInt32LE(4);
    if (id === 'ds64' && header.length >= 24) longDataBytes = Number(header.readBigUInt64LE(16));
    if (id === 'data') {
      const dataBytes = bytes === 0xffff_ffff && longDataBytes ? longDataBytes : bytes;
      const isOpen = dataBytes === 0 || (dataBytes === bytes && bytes >= RIFF_UNKNOWN_BYTES);
      const missing = position + 8 + dataBytes - fileBytes;
      // A size near the 32-bit limits is only a marker where the file does not bear it out.
      return isOpen && missing !== 0 ? null : missing;
    }
    position += 8 + bytes + (bytes % 2);
  }
  return null;
}

/** @returns whether the last Ogg page reaches beyond the end of the file (RFC 3533 §6). */
async function isOggCut(file: FileHandle, fileBytes: number): Promise<boolean> {
  const tailStart = Math.max(0, fileBytes - OGG_TAIL_BYTES);
  const tail = await readAt(file, tailStart, OGG_TAIL_BYTES);
  const page = tail.lastIndexOf('OggS');
  if (page < 0) return true;
  const segmentCount = tail[page + 26];
  if (segmentCount === undefined) return true;
  const table = tail.subarray(page + 27, page + 27 + segmentCount);
  const pageBytes = 27 + segmentCount + table.reduce((sum, length) => sum + length, 0);
  return table.length < segmentCount || page + pageBytes > tail.length;
}

/** @returns where the first MPEG audio frame header is in `head`, or null. */
function findMpegFrame(head: Buffer): number | null {
  for (let at = 0; at + 4 <= head.length; at += 1) {
    const [first = 0, second = 0, third = 0] = head.subarray(at, at + 3);
    const isSync = first === 0xff && (second & 0xe0) === 0xe0;
    const isValid =
      (second & 0x18) !== 0x08 && (second & 0x06) !== 0 && third >> 4 !== 15 && (third & 0x0c) !== 0x0c;
    if (isSync && isValid) return at;
    // Padding before the first frame is zeros; anything else is no MPEG stream.
    if (first !== 0) return null;
  }
  return null;
}

/** @returns whether the frame at `at` is a Xing, Info or VBRI header with a count of frames. */
function statesFrameCount(head: Buffer, at: number): boolean {
  const isMpeg1 = ((head[at + 1] ?? 0) & 0x18) === 0x18;
  const isMono = (head[at + 3] ?? 0) >> 6 === 3;
  const sideInfoBytes = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const xing = at + 4 + sideInfoBytes;
  if (['Xing', 'Info'].includes(head.toString('latin1', xing, xing + 4))) {
    const hasFrames = ((head[xing + 7] ?? 0) & 1) !== 0;
    return hasFrames && xing + 12 <= head.length && head.readUInt32BE(xing + 8) > 0;
  }
  return head.toString('latin1', at + 36, at + 40) === 'VBRI';
}
