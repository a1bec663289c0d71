import { expect, test } from 'vitest';
import { clip, count, formatBytes, formatTime } from './format.ts';
import { LiveLine } from './live-line.ts';

test('a terminal gets one line that is redrawn, a file gets plain lines now and then', () => {
  let now = 0;
  const run = (isTTY: boolean): string => {
    let text = '';
    const line = new LiveLine({ isTTY, columns: 12, write: (part) => (text += part) }, () => now);
    for (now = 0; now < 6000; now += 100) line.update(`step ${now} of many`);
    line.say('note');
    return text;
  };
  const terminal = run(true);
  expect(terminal).toContain('\r\u001b[2Kstep 0 of …');
  expect(terminal.split('\n')).toHaveLength(2);
  expect(run(false)).toBe('step 0 of many\nstep 5000 of many\nnote\n');
});

test('figures are short', () => {
  expect([0, 999, 1500, 23_456_789, 5e9].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '23 MB',
    '5.0 GB',
  ]);
  expect([7, 61, 754, 3723].map(formatTime)).toEqual(['0:07', '1:01', '12:34', '1:02:03']);
  expect([count(1, 'file'), count(2, 'file')]).toEqual(['1 file', '2 files']);
  expect(clip('blackbird', 6)).toBe('black…');
});
