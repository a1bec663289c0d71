import { describe, expect, test } from 'vitest';
import { cleanTags, cleanText } from './tags.ts';

describe('tags', () => {
  test('are found whatever their case, the container before the stream', () => {
    const tags = cleanTags(
      { TITLE: 'Container', track: '3/12' },
      { title: 'Stream', ALBUM_ARTIST: 'Band', DISC: '2' },
    );
    expect(tags).toMatchObject({
      title: 'Container',
      albumArtist: 'Band',
      trackNumber: 3,
      discNumber: 2,
      artist: null,
    });
  });

  test.each(['0', '-3', 'A1', '', '99999999999'])('a track number of %j is none', (track) => {
    expect(cleanTags({ track }).trackNumber).toBeNull();
  });

  test('a name like a property of every object is no tag', () => {
    expect(cleanTags(JSON.parse('{"__proto__": {"title": "x"}}')).title).toBeNull();
  });
});

describe('text', () => {
  test('loses controls, reordering marks and surrounding space', () => {
    expect(cleanText('  a\u0000b\u001b[31m\u202ec\n\nd\u2028e ', 100)).toBe('ab[31mc d e');
  });

  test('is composed and well formed', () => {
    expect(cleanText('e\u0301\ud800', 100)).toBe('é\ufffd');
  });

  test('is not cut through a character', () => {
    expect(cleanText('ab😀', 3)).toBe('ab');
  });
});
