import { crc32 } from './crc32.ts';

/** One file of an archive. */
export interface ZipEntry {
  /** With `/`, relative, of names that `safeName` returned. */
  path: string;
  modifiedAtMs: number;
  /** A stream is passed on as it comes and never held. */
  content: Uint8Array | AsyncIterable<Uint8Array>;
}

interface Written {
  name: Uint8Array;
  flags: number;
  dosTime: number;
  crc: number;
  sizeBytes: number;
  offset: number;
}

/** Names are UTF-8. */
const UTF8 = 0x0800;
/** Checksum and size follow the bytes, because nobody knew them before. */
const DESCRIPTOR = 0x0008;
const LARGEST = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;

/** Returns date and time as DOS counts them, in UTC: since 1980, to two seconds. */
function dosTimeOf(ms: number): number {
  const at = new Date(Math.max(ms, Date.UTC(1980, 0, 1)));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x1_0000 + time;
}

/** Returns little-endian numbers, each given with its width in bytes. */
function record(...fields: readonly (readonly [width: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** What local headers and the directory have in common. */
function common({ name, flags, dosTime, crc, sizeBytes }: Written) {
  return [
    [2, 20],
    [2, flags],
    [2, 0],
    [4, dosTime],
    [4, crc],
    [4, sizeBytes],
    [4, sizeBytes],
    [2, name.length],
    [2, 0],
  ] as const;
}

function localHeader(entry: Written): Uint8Array {
  return record([4, 0x0403_4b50], ...common(entry));
}

function directoryHeader(entry: Written): Uint8Array {
  return record(
    [4, 0x0201_4b50],
    [2, 20],
    ...common(entry),
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, entry.offset],
  );
}

/**
 * Yields the bytes of a ZIP archive (APPNOTE 6.3) whose entries are stored, not compressed: recordings do not get
 * smaller. Holds no more than its input yields at a time. Throws RangeError beyond 4 GiB or 65,535 entries, for which
 * it would have to be another format.
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  const counted = (bytes: Uint8Array) => {
    offset += bytes.length;
    if (offset > LARGEST) throw new RangeError('the archive is larger than 4 GiB');
    return bytes;
  };
  for await (const { path, modifiedAtMs, content } of entries) {
    if (written.length === MOST_ENTRIES) throw new RangeError('the archive has more than 65,535 entries');
    const entry: Written = {
      name: new TextEncoder().encode(path),
      flags: UTF8,
      dosTime: dosTimeOf(modifiedAtMs),
      crc: 0,
      sizeBytes: 0,
      offset,
    };
    if (content instanceof Uint8Array) {
      Object.assign(entry, { crc: crc32(0, content), sizeBytes: content.length });
      yield counted(localHeader(entry));
      yield counted(entry.name);
      yield counted(content);
    } else {
      entry.flags |= DESCRIPTOR;
      yield counted(localHeader(entry));
      yield counted(entry.name);
      for await (const chunk of content) {
        entry.crc = crc32(entry.crc, chunk);
        entry.sizeBytes += chunk.length;
        yield counted(chunk);
      }
      yield counted(record([4, 0x0807_4b50], [4, entry.crc], [4, entry.sizeBytes], [4, entry.sizeBytes]));
    }
    written.push(entry);
  }
  const directoryOffset = offset;
  for (const entry of written) {
    yield counted(directoryHeader(entry));
    yield counted(entry.name);
  }
  yield record(
    [4, 0x0605_4b50],
    [2, 0],
    [2, 0],
    [2, written.length],
    [2, written.length],
    [4, offset - directoryOffset],
    [4, directoryOffset],
    [2, 0],
  );
}

/** Returns a file name that every system takes and that leads nowhere else. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_');
  return plain === '' ? '_' : plain.slice(0, 180);
}
