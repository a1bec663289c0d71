import { expect, it } from 'vitest';
import { findRecord } from './resume-records.ts';

const record = {
  fileName: 'mix.wav',
  sizeBytes: 100,
  lastModifiedMs: 5,
  uploadId: 'upl_1',
  trackId: 'trk_1',
};

it('knows the very same file again', () => {
  expect(findRecord([record], { name: 'mix.wav', size: 100, lastModified: 5 })).toBe(record);
});

it('does not take a new mix of the same name and size for the old one', () => {
  expect(findRecord([record], { name: 'mix.wav', size: 100, lastModified: 6 })).toBeNull();
});

it('takes an upload up again only for the release that it was begun for, unless any will do', () => {
  const file = { name: 'mix.wav', size: 100, lastModified: 5 };
  const place = { releaseId: 'rel_1', replaces: null };
  const placed = { ...record, place };
  expect(findRecord([placed], file, place)).toBe(placed);
  expect(findRecord([placed], file, { ...place, releaseId: 'rel_2' })).toBeNull();
  expect(findRecord([placed], file)).toBe(placed);
});
