import { expect } from 'vitest';

/** CRC-32 the slow and plain way, so that the fast one is held against something. */
export function plainCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/**
 * Reads a ZIP archive of stored entries as strictly as the format allows: by its directory, whose every number is held
 * against the local headers and the bytes. Returns the files by path.
 */
export function unzip(archive: Uint8Array): Map<string, Uint8Array<ArrayBuffer>> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  const end = archive.length - 22;
  expect(u32(end), 'the end record is at the end').toBe(0x06054b50);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let at = u32(end + 16);
  expect(at + u32(end + 12), 'the directory ends where the end record begins').toBe(end);
  let previousEnd = 0;
  for (let i = 0; i < u16(end + 10); i++) {
    expect(u32(at)).toBe(0x02014b50);
    const [flags, method, crc, size, nameLength] = [
      u16(at + 8),
      u16(at + 10),
      u32(at + 16),
      u32(at + 24),
      u16(at + 28),
    ];
    expect(method, 'stored').toBe(0);
    expect(u32(at + 20)).toBe(size);
    const local = u32(at + 42);
    expect(local, 'nothing lies between entries').toBe(previousEnd);
    expect(u32(local)).toBe(0x04034b50);
    expect([u16(local + 6), u16(local + 26)]).toEqual([flags, nameLength]);
    const name = archive.slice(at + 46, at + 46 + nameLength);
    expect(archive.slice(local + 30, local + 30 + nameLength)).toEqual(name);
    const begin = local + 30 + nameLength;
    const bytes = archive.slice(begin, begin + size);
    expect(bytes.length).toBe(size);
    previousEnd = begin + size;
    if (flags & 8) {
      expect([u32(previousEnd), u32(previousEnd + 4), u32(previousEnd + 8), u32(previousEnd + 12)]).toEqual([
        0x08074b50,
        crc,
        size,
        size,
      ]);
      previousEnd += 16;
    }
    expect(plainCrc32(bytes)).toBe(crc);
    files.set(new TextDecoder().decode(name), bytes as Uint8Array<ArrayBuffer>);
    at += 46 + nameLength + u16(at + 30) + u16(at + 32);
  }
  expect(at).toBe(end);
  return files;
}
