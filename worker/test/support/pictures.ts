async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Response(bytes).body?.pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** Returns a PNG whose left half has one colour and whose right half another. */
export async function pngOf(
  width: number,
  height: number,
  [left, right]: readonly [Rgb, Rgb],
): Promise<Uint8Array<ArrayBuffer>> {
  const row = new Uint8Array(1 + 3 * width);
  for (let x = 0; x < width; x++) row.set(x < width / 2 ? left : right, 1 + 3 * x);
  const rows = new Uint8Array(row.length * height);
  for (let y = 0; y < height; y++) rows.set(row, y * row.length);
  const header = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  const parts = [
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', await deflate(rows)),
    chunk('IEND', new Uint8Array()),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Returns width and height of a WebP as the transcoder writes it (lossy, VP8). */
export function sizeOfWebp(bytes: Uint8Array): [width: number, height: number] {
  const text = (from: number) => String.fromCharCode(...bytes.subarray(from, from + 4));
  if (text(0) !== 'RIFF' || text(8) !== 'WEBP' || text(12) !== 'VP8 ') throw new Error('it is no lossy WebP');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
}

export const RED: Rgb = [230, 20, 20];
export const BLUE: Rgb = [20, 20, 230];
