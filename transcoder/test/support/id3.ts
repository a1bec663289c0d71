/** Writes ID3v2.3 tags (id3v2.3.0), so that covers of any kind can be put before an MP3. */

function frame(id: string, content: Buffer): Buffer {
  const header = Buffer.alloc(10);
  header.write(id, 0, 'latin1');
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** @returns the ten bytes that begin a tag which says it holds `bytes` more. */
export function id3Header(bytes: number): Buffer {
  const header = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  for (const [index, shift] of [21, 14, 7, 0].entries()) header[6 + index] = (bytes >> shift) & 0x7f;
  return header;
}

/** @returns a tag with text frames (UTF-16) and, where given, a front cover. */
export function id3Tag(
  texts: Readonly<Record<string, string>>,
  cover?: { mediaType: string; bytes: Uint8Array },
): Buffer {
  const frames = Object.entries(texts).map(([id, text]) =>
    frame(id, Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')])),
  );
  if (cover) {
    const head = Buffer.from(`\0${cover.mediaType}\0\x03\0`, 'latin1');
    frames.push(frame('APIC', Buffer.concat([head, cover.bytes])));
  }
  const content = Buffer.concat(frames);
  return Buffer.concat([id3Header(content.length), content]);
}
