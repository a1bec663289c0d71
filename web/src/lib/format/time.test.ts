import { describe, expect, it } from 'vitest';
import { formatClock, formatLength, formatWait, speakDuration, speakPosition } from './time.ts';

describe('formatClock', () => {
  it.each([
    [0, '0:00'],
    [59.99, '0:59'],
    [83, '1:23'],
    [3600, '1:00:00'],
    [3723, '1:02:03'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatClock(seconds)).toBe(text);
  });

  it('writes dashes for an unknown length', () => {
    expect(formatClock(null)).toBe('–:––');
    expect(formatClock(Number.POSITIVE_INFINITY)).toBe('–:––');
  });
});

describe('speakDuration', () => {
  it.each([
    [1, '1 second'],
    [45, '45 seconds'],
    [60, '1 minute'],
    [83, '1 minute 23'],
    [240, '4 minutes'],
    [3600, '1 hour'],
    [7320, '2 hours 2 minutes'],
  ])('says %d seconds as "%s"', (seconds, words) => {
    expect(speakDuration(seconds)).toBe(words);
  });
});

describe('speakPosition', () => {
  it('says where in the track it is', () => {
    expect(speakPosition(83, 240)).toBe('1 minute 23 of 4 minutes');
  });

  it('says only the place while the length is not known', () => {
    expect(speakPosition(83, null)).toBe('1 minute 23');
  });
});

describe('formatLength', () => {
  it.each([
    [45.2, '45 s'],
    [2520, '42 min'],
    [3600, '1 h'],
    [3720, '1 h 2 min'],
    [3599, '1 h'],
  ])('writes %d seconds as "%s"', (seconds, text) => {
    expect(formatLength(seconds)).toBe(text);
  });
});

describe('formatWait', () => {
  it.each([
    [2, 'a few seconds'],
    [38, 'about 40 seconds'],
    [70, 'about 1 minute'],
    [200, 'about 3 minutes'],
    [7000, 'about 2 hours'],
  ])('says %d seconds as "%s"', (seconds, words) => {
    expect(formatWait(seconds)).toBe(words);
  });
});
