import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Snapshot } from './platform-questions.ts';

const recording = Buffer.from('a recording');
const sha256 = createHash('sha256').update(recording).digest('hex');
const manifest = [{ path: 'master.m3u8', bytes: 3 }];
const uploads = ['a', 'b'].map((name) => ({ trackId: `trk_${name}`, uploadId: `upl_${name}` }));

/** The state of things when all went well. */
function sound(): Snapshot {
  const names = ['a', 'b'];
  return {
    tracks: names.map((n) => ({ id: `trk_${n}`, state: 'ready', version: `ver_${n}`, previewVersion: null })),
    transcodes: names.map((n) => ({
      id: `trc_${n}`,
      trackId: `trk_${n}`,
      state: 'done',
      attempt: 1,
      faultCount: 0,
      lastFault: null,
      version: `ver_${n}`,
    })),
    attempts: names.map((n) => ({ version: `ver_${n}`, trackId: `trk_${n}`, state: 'published' })),
    letters: 0,
    objects: names.flatMap((n) => [
      { key: `hls/trk_${n}/ver_${n}/master.m3u8`, size: 3, etag: 'e' },
      { key: `originals/trk_${n}/upl_${n}`, size: recording.length, etag: 'o' },
    ]),
    originals: Object.fromEntries(names.map((n) => [`originals/trk_${n}/upl_${n}`, sha256])),
  };
}

function verdict(spoil: (snapshot: Snapshot) => void = () => undefined): string[] {
  const snapshot = sound();
  spoil(snapshot);
  const [reference, ...rest] = uploads;
  if (reference === undefined) throw new Error('there is a reference');
  return judge(snapshot, reference, rest, manifest, recording);
}

describe('the judge of a campaign', () => {
  it('finds nothing where all is well', () => {
    expect(verdict()).toEqual([]);
  });

  it.each<[string, (snapshot: Snapshot) => void]>([
    ['a segment that is missing', ({ objects }) => void objects.splice(2, 1)],
    ['a segment of other bytes', ({ objects }) => void Object.assign(objects[2] ?? {}, { etag: 'x' })],
    ['an orphan', ({ objects }) => void objects.push({ key: 'hls/trk_b/ver_old/0.m4s', size: 1, etag: 'x' })],
    [
      'an original of a track that is gone',
      ({ objects }) => void objects.push({ key: 'originals/x/y', size: 1, etag: 'x' }),
    ],
    [
      'an original that is changed',
      ({ originals }) => void Object.assign(originals, { 'originals/trk_b/upl_b': 'other' }),
    ],
    ['an original that is lost', ({ originals }) => void delete originals['originals/trk_b/upl_b']],
    [
      'a second attempt',
      ({ attempts }) => void attempts.push({ version: 'ver_c', trackId: 'trk_b', state: 'published' }),
    ],
    [
      'an attempt that is still open',
      ({ attempts }) => void Object.assign(attempts[1] ?? {}, { state: 'writing' }),
    ],
    ['a track that is not ready', ({ tracks }) => void Object.assign(tracks[1] ?? {}, { state: 'failed' })],
    [
      'another version than was published',
      ({ tracks }) => void Object.assign(tracks[1] ?? {}, { version: 'ver_z' }),
    ],
    ['a transcode that was given up', (snapshot) => void Object.assign(snapshot, { letters: 1 })],
  ])('finds %s', (_what, spoil) => {
    expect(verdict(spoil)).not.toEqual([]);
  });
});
