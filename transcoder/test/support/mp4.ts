/** Looks into the segments of an answer, and makes small M4A files that ffmpeg cannot write to a pipe. */
import { LOSSLESS_RENDITION } from '../../src/contract.ts';
import { FragmentedMp4Reader, type Frame, findBox, readBoxes } from '../../src/mp4-reader.ts';

/** What one media segment holds. */
export interface SegmentFacts {
  /** `tfdt`, in samples. */
  startSample: number;
  frames: Frame[];
  durationSamples: number;
}

/** @throws where the segment is not exactly one `moof` and one `mdat`. */
export function readSegment(segment: Uint8Array): SegmentFacts {
  const types = readBoxes(segment).map(({ type }) => type);
  if (types.join() !== 'moof,mdat') throw new Error(`segment of ${types.join()}`);
  const tfdt = findBox(segment, 'moof', 'traf', 'tfdt');
  if (!tfdt) throw new Error('segment without tfdt');
  const frames = new FragmentedMp4Reader(() => undefined).push(segment);
  return {
    startSample: Number(Buffer.from(tfdt).readBigUInt64BE(4)),
    frames,
    durationSamples: frames.reduce((sum, { durationSamples }) => sum + durationSamples, 0),
  };
}

/** @returns `media_time` of the only edit in an initialisation, in samples. */
export function editListMediaTime(init: Uint8Array): number {
  const elst = findBox(init, 'moov', 'trak', 'edts', 'elst');
  if (!elst) throw new Error('no edit list');
  const bytes = Buffer.from(elst);
  if (bytes.readUInt32BE(4) !== 1) throw new Error('more than one edit');
  return bytes[0] === 1 ? Number(bytes.readBigInt64BE(16)) : bytes.readInt32BE(12);
}

/** @returns all segments of a rendition, in order. */
export function segmentsOf(objects: ReadonlyMap<string, Buffer>, rendition: string): Buffer[] {
  const segments: Buffer[] = [];
  for (let index = 0; ; index += 1) {
    const segment = objects.get(`${rendition}/${index}.m4s`);
    if (!segment) return segments;
    segments.push(segment);
  }
}

/** @returns a rendition as one file: initialisation and all segments. */
export function wholeRendition(objects: ReadonlyMap<string, Buffer>, rendition: string): Buffer {
  return Buffer.concat([
    objects.get(`${rendition}/init.mp4`) ?? Buffer.alloc(0),
    ...segmentsOf(objects, rendition),
  ]);
}

export const AAC_RENDITIONS = ['64', '128', '192', '320'] as const;
export const ALL_RENDITIONS = [...AAC_RENDITIONS, LOSSLESS_RENDITION] as const;

function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value | 0, index * 4);
  return bytes;
}

/**
 * Turns a fragmented MP4 into a plain M4A the way recorders and editors write it: `mdat` first, `moov` last.
 * @param dataReference replaces the `dref` entry, for files that point elsewhere.
 */
export function plainM4a(fragmented: Uint8Array, dataReference?: Buffer): Buffer {
  let init = new Uint8Array();
  const reader = new FragmentedMp4Reader((bytes) => {
    init = Uint8Array.from(bytes);
  });
  const frames = reader.push(fragmented);
  const total = frames.reduce((sum, { durationSamples }) => sum + durationSamples, 0);
  const media = findBox(init, 'moov', 'trak', 'mdia');
  const mdhd = media && findBox(media, 'mdhd');
  const stsd = media && findBox(media, 'minf', 'stbl', 'stsd');
  const hdlr = media && findBox(media, 'hdlr');
  const smhd = media && findBox(media, 'minf', 'smhd');
  const mvhd = findBox(init, 'moov', 'mvhd');
  const tkhd = findBox(init, 'moov', 'trak', 'tkhd');
  if (!mdhd || !stsd || !hdlr || !smhd || !mvhd || !tkhd) throw new Error('not an MP4');
  const withDuration = (header: Uint8Array, at: number, duration: number): Buffer => {
    const copy = Buffer.from(header);
    copy.writeUInt32BE(duration, at);
    return copy;
  };
  const timescale = Buffer.from(mdhd).readUInt32BE(12);
  const milliseconds = Math.round((total / timescale) * 1000);
  const ftyp = box('ftyp', Buffer.from('M4A \0\0\x02\0M4A isomiso2', 'latin1'));
  const mdat = box('mdat', ...frames.map(({ data }) => data));
  const stbl = box(
    'stbl',
    box('stsd', stsd),
    box('stts', words(0, 1, frames.length, frames[0]?.durationSamples ?? 1024)),
    box('stsc', words(0, 1, 1, frames.length, 1)),
    box('stsz', words(0, 0, frames.length, ...frames.map(({ data }) => data.length))),
    box('stco', words(0, 1, ftyp.length + 8)),
  );
  const dref = box('dref', words(0, 1), dataReference ?? box('url ', words(1)));
  const minf = box('minf', box('smhd', smhd), box('dinf', dref), stbl);
  const mdia = box('mdia', box('mdhd', withDuration(mdhd, 16, total)), box('hdlr', hdlr), minf);
  const trak = box('trak', box('tkhd', withDuration(tkhd, 20, milliseconds)), mdia);
  return Buffer.concat([ftyp, mdat, box('moov', box('mvhd', withDuration(mvhd, 16, milliseconds)), trak)]);
}

/** @returns a `dref` entry that says: the samples are in the file at this URL. */
export function externalReference(url: string): Buffer {
  return box('url ', words(0), Buffer.from(`${url}\0`, 'latin1'));
}
