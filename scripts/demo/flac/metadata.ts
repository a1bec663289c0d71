import { BitWriter } from './bit-writer.ts';
import type { FlacPicture } from './flac-writer.ts';

/** The body of a metadata block and its type number in the FLAC format. */
export type MetadataBlock = { type: number; body: Uint8Array };

export type StreamInfo = {
  blockLength: number;
  smallestFrameBytes: number;
  largestFrameBytes: number;
  sampleRate: number;
  totalFrames: number;
  md5: Uint8Array;
};

const VENDOR = 'Melro demonstration catalogue';
const FRONT_COVER = 3;

/** Returns the STREAMINFO block of a 16-bit stereo stream. */
export function streamInfoBlock(info: StreamInfo): MetadataBlock {
  const writer = new BitWriter(64);
  writer.write(info.blockLength, 16);
  writer.write(info.blockLength, 16);
  writer.write(info.smallestFrameBytes, 24);
  writer.write(info.largestFrameBytes, 24);
  writer.write(info.sampleRate, 20);
  writer.write(2 - 1, 3);
  writer.write(16 - 1, 5);
  writer.write(0, 4);
  writer.write(info.totalFrames, 32);
  for (const byte of info.md5) writer.write(byte, 8);
  return { type: 0, body: writer.view() };
}

/** Returns the VORBIS_COMMENT block with the given fields. */
export function vorbisCommentBlock(tags: Readonly<Record<string, string>>): MetadataBlock {
  const fields = Object.entries(tags).map(([name, value]) => Buffer.from(`${name}=${value}`));
  const vendor = Buffer.from(VENDOR);
  const parts = [littleEndian(vendor.length), vendor, littleEndian(fields.length)];
  for (const field of fields) parts.push(littleEndian(field.length), field);
  return { type: 4, body: Buffer.concat(parts) };
}

/** Returns the PICTURE block for a front cover. */
export function pictureBlock(picture: FlacPicture): MetadataBlock {
  const mediaType = Buffer.from(picture.mediaType);
  const head = new BitWriter(64);
  head.write(FRONT_COVER, 32);
  head.write(mediaType.length, 32);
  for (const byte of mediaType) head.write(byte, 8);
  head.write(0, 32);
  head.write(picture.widthPixels, 32);
  head.write(picture.heightPixels, 32);
  head.write(24, 32);
  head.write(0, 32);
  head.write(picture.bytes.length, 32);
  return { type: 6, body: Buffer.concat([head.view(), picture.bytes]) };
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
