import { describe, expect, it } from 'vitest';
import { leftOutSentence, sortFiles } from './sort-files.ts';

function files(...names: string[]): File[] {
  return names.map((name) => new File(['x'], name));
}

describe('files that are dropped together', () => {
  it('come in the order that a person would give them', () => {
    const { audio } = sortFiles(files('10 Coda.flac', '2 Tide.FLAC', '1 Harbour.flac'));
    expect(audio.map(({ name }) => name)).toEqual(['1 Harbour.flac', '2 Tide.FLAC', '10 Coda.flac']);
  });

  it('are parted into recordings, pictures and the rest, without what systems hide', () => {
    const { audio, pictures, others } = sortFiles(files('a.mp3', 'cover.JPG', 'notes.txt', '.DS_Store', 'b'));
    expect(audio.map(({ name }) => name)).toEqual(['a.mp3']);
    expect(pictures.map(({ name }) => name)).toEqual(['cover.JPG']);
    expect(others).toEqual(['b', 'notes.txt']);
  });

  it('count as recordings where the system says so, whatever they are called', () => {
    expect(sortFiles([new File(['x'], 'take', { type: 'audio/mpeg' })]).audio).toHaveLength(1);
  });
});

describe('leftOutSentence', () => {
  it.each([
    [[], null],
    [['a.txt'], 'a.txt was left out: it is not a recording.'],
    [['a.txt', 'b.pdf'], 'a.txt and b.pdf were left out: they are not recordings.'],
    [['a.txt', 'b.pdf', 'c', 'd'], 'a.txt, b.pdf and 2 more were left out: they are not recordings.'],
  ])('names %j', (names, sentence) => {
    expect(leftOutSentence(names)).toBe(sentence);
  });
});
