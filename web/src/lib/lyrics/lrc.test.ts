import { describe, expect, it } from 'vitest';
import { lineAt, parseLrc } from './lrc.ts';

describe('parseLrc', () => {
  it('reads hundredths and thousandths of a second', () => {
    expect(parseLrc('[00:12.50]One\n[01:02.125]Two')).toEqual([
      { atSeconds: 12.5, text: 'One' },
      { atSeconds: 62.125, text: 'Two' },
    ]);
  });

  it('sings a line again at each of its times, in the order of the times', () => {
    expect(parseLrc('[00:30][00:10.00]Chorus\n[00:20.00]Verse').map(({ text }) => text)).toEqual([
      'Chorus',
      'Verse',
      'Chorus',
    ]);
  });

  it('leaves out what is said about the song, and keeps pauses', () => {
    expect(parseLrc('[ar:Ana]\n[ti:Song]\n[00:05.00]\n[00:06.00]Words')).toEqual([
      { atSeconds: 5, text: '' },
      { atSeconds: 6, text: 'Words' },
    ]);
  });

  it('moves every line earlier by a positive offset, never before the beginning', () => {
    expect(parseLrc('[offset:+1500]\n[00:01.00]A\n[00:10.00]B').map(({ atSeconds }) => atSeconds)).toEqual([
      0, 8.5,
    ]);
  });

  it('shows the line where single words have times', () => {
    expect(parseLrc('[00:01.00]<00:01.00>Two <00:02.00>words')[0]?.text).toBe('Two words');
  });
});

describe('lineAt', () => {
  const lines = parseLrc('[00:10.00]A\n[00:20.00]B\n[00:30.00]C');
  it.each([
    [0, -1],
    [9.99, -1],
    [10, 0],
    [19.99, 0],
    [25, 1],
    [300, 2],
  ])('at %d s it is line %d', (seconds, index) => {
    expect(lineAt(lines, seconds)).toBe(index);
  });
});
