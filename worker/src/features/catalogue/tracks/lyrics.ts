/** What is wrong with a line of lyrics, counted from 1. */
export interface LineError {
  line: number;
  message: string;
}

const TIMED = /^((?:\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\])+)(.*)$/;
const STAMP = /\[(\d{1,3}):(\d\d)(?:[.:](\d{1,3}))?\]/g;
/** `[ar: …]` and its like say what the file is about. */
const ABOUT = /^\[[a-z#]{1,10}:.*\]$/i;

/**
 * Returns what is wrong with lyrics in LRC, line by line; nothing where they are fine. Every line has a time, or
 * several where its words come again; the first times of lines never go back. Lines of `[ar:…]` and its like, and empty
 * ones, have none.
 */
export function lrcErrors(lrc: string): LineError[] {
  const errors: LineError[] = [];
  let lastMs = -1;
  let count = 0;
  for (const [at, raw] of lrc.split(/\r\n|\r|\n/).entries()) {
    const line = at + 1;
    const text = raw.trim();
    if (text === '' || ABOUT.test(text)) continue;
    const [, stamps] = TIMED.exec(text) ?? [];
    if (stamps === undefined) {
      errors.push({ line, message: 'has no time, such as [01:23.45]' });
      continue;
    }
    const times = [...stamps.matchAll(STAMP)].map(([, minutes, seconds, fraction = '0']) => {
      if (Number(seconds) > 59) errors.push({ line, message: 'a minute has 60 seconds' });
      return (Number(minutes) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
    });
    const [firstMs = 0] = times;
    if (firstMs < lastMs) errors.push({ line, message: 'comes before the line above it' });
    if (times.some((ms, i) => i > 0 && ms <= (times[i - 1] ?? 0)))
      errors.push({ line, message: 'its times do not go up' });
    lastMs = Math.max(lastMs, firstMs);
    count++;
  }
  if (count === 0 && errors.length === 0) errors.push({ line: 1, message: 'has no line with a time' });
  return errors;
}
