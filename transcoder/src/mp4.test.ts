import { describe, expect, test } from 'vitest';
import { FragmentedMp4Reader, findBox, readBoxes } from './mp4-reader.ts';
import { writeInit, writeSegment } from './mp4-writer.ts';

const frames = [5, 7, 0, 3].map((length, index) => ({
  data: new Uint8Array(length).fill(index + 1),
  durationSamples: 1024,
}));

function readAll(bytes: Uint8Array, pieceBytes: number): ReturnType<FragmentedMp4Reader['push']> {
  const reader = new FragmentedMp4Reader(() => undefined);
  const read = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    read.push(...reader.push(bytes.subarray(at, at + pieceBytes)));
  return read;
}

describe('what is written is read back', () => {
  test.each([1, 7, 64, 100_000])('in pieces of %d bytes', (pieceBytes) => {
    const two = Buffer.concat([writeSegment(1, 0, frames), writeSegment(2, 4096, frames)]);
    expect(readAll(two, pieceBytes).map(({ data }) => [...data])).toEqual(
      [...frames, ...frames].map(({ data }) => [...data]),
    );
  });

  test('with durations of their own where they differ', () => {
    const uneven = frames.map((frame, index) => ({ ...frame, durationSamples: index === 3 ? 77 : 4096 }));
    const read = readAll(writeSegment(1, 0, uneven), 1000);
    expect(read.map(({ durationSamples }) => durationSamples)).toEqual([4096, 4096, 4096, 77]);
  });
});

test('media time beyond 32 bits', () => {
  const startSample = 2 ** 33 + 5;
  const tfdt = findBox(writeSegment(1, startSample, frames), 'moof', 'traf', 'tfdt');
  expect(Buffer.from(tfdt ?? []).readBigUInt64BE(4)).toBe(BigInt(startSample));
});

test('the data offset points at the first frame', () => {
  const segment = Buffer.from(writeSegment(1, 0, frames));
  const trun = Buffer.from(findBox(segment, 'moof', 'traf', 'trun') ?? []);
  expect(segment.subarray(trun.readInt32BE(8))[0]).toBe(1);
});

test('an initialisation is named CMAF and otherwise kept', () => {
  const moov = Buffer.from('\0\0\0\x0cmoovabcd', 'latin1');
  const init = writeInit(Buffer.concat([Buffer.from('\0\0\0\x10ftypiso5\0\0\x02\0', 'latin1'), moov]));
  const [ftyp, kept] = readBoxes(init);
  expect(Buffer.from(ftyp?.content ?? []).toString('latin1')).toContain('cmfc');
  expect(Buffer.from(kept?.whole ?? []).equals(moov)).toBe(true);
});

test.each([
  ['a size of nothing', Buffer.from('\0\0\0\x04moof', 'latin1')],
  ['a size beyond every limit', Buffer.from('\x7f\0\0\0mdat', 'latin1')],
  ['data without a fragment', Buffer.from('\0\0\0\x09mdatx', 'latin1')],
])('%s is refused', (_name, bytes) => {
  expect(() => readAll(bytes, 1000)).toThrow(/MP4/);
});

test('a fragment that promises more than its data is refused', () => {
  const segment = Buffer.from(writeSegment(1, 0, frames));
  const mdat = segment.indexOf('mdat') - 4;
  segment.writeUInt32BE(segment.readUInt32BE(mdat) - 2, mdat);
  expect(() => readAll(segment.subarray(0, -2), 1000)).toThrow(/longer than its data/);
});
