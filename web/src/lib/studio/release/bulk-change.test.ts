import { expect, it } from 'vitest';
import type { StudioTrack } from '../studio-api.ts';
import { bulkChange, changeBack } from './bulk-change.ts';

const UNTOUCHED = {
  artistName: '',
  versionTitle: ' ',
  discNumber: '',
  explicit: 'keep',
  downloadable: 'keep',
  licence: 'keep',
};

it('changes nothing that was left alone', () => {
  expect(bulkChange(UNTOUCHED)).toEqual({});
});

it('changes what was filled in and chosen', () => {
  const values = {
    ...UNTOUCHED,
    versionTitle: ' Live ',
    discNumber: '2',
    explicit: 'no',
    licence: 'release',
  };
  expect(bulkChange(values)).toEqual({ versionTitle: 'Live', discNumber: 2, explicit: false, licence: null });
});

it('can be taken back track by track', () => {
  const track = { versionTitle: null, explicit: true, licence: 'cc0-1.0', discNumber: null } as StudioTrack;
  expect(changeBack(track, { versionTitle: 'Live', explicit: false, discNumber: 2 })).toEqual({
    versionTitle: null,
    explicit: true,
    discNumber: 1,
  });
});
