import { expect, it } from 'vitest';
import { checklistLines } from './checklist-lines.ts';

const tracks = [
  { trackId: 'trk_1', title: 'Tide' },
  { trackId: 'trk_2', title: 'Harbour' },
];

function said(checklist: Parameters<typeof checklistLines>[0]['checklist'], hasNoArtwork = false): string[] {
  return checklistLines({ checklist, hasNoArtwork, tracks }).map(({ state, words }) => `${state}: ${words}`);
}

it('says of a complete release that all is there', () => {
  expect(said([])).toEqual(['done: A title', 'done: A cover', 'done: Recordings that can be played']);
  expect(said([], true)[1]).toBe('done: No cover, as you wish');
});

it('names what is missing, and tracks whose files are no good', () => {
  const lines = said([
    { code: 'title', trackId: null },
    { code: 'artwork', trackId: null },
    { code: 'track_pending', trackId: 'trk_1' },
    { code: 'track_failed', trackId: 'trk_2' },
  ]);
  expect(lines).toEqual([
    'missing: Give it a title',
    'missing: Choose a cover, or go without',
    'failed: Harbour: the file could not be used',
    'waiting: 1 of 2 tracks on the way',
  ]);
});

it('asks for a recording where there is none', () => {
  const lines = checklistLines({
    checklist: [{ code: 'tracks', trackId: null }],
    hasNoArtwork: true,
    tracks: [],
  });
  expect(lines.at(-1)).toMatchObject({ state: 'missing', words: 'Add a recording' });
});
