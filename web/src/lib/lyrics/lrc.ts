/** A line of words and when it begins, in seconds. */
export interface TimedLine {
  atSeconds: number;
  text: string;
}

const STAMP = /\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]/g;
const OFFSET = /^\[offset:\s*([+-]?\d+)\s*\]/im;
/** Times of single words (enhanced LRC); lines are what we light up. */
const WORD_STAMP = /<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>/g;

/**
 * Returns the lines of an LRC text in the order of their times. A line may carry several times; lines without one
 * (names of the song and its makers) are left out. `[offset:ms]` moves all of them: positive means earlier.
 */
export function parseLrc(lrc: string): TimedLine[] {
  const offsetSeconds = Number(OFFSET.exec(lrc)?.[1] ?? 0) / 1000;
  const lines = lrc.split(/\r\n|\r|\n/).flatMap((line) => {
    const text = line.replace(STAMP, '').replace(WORD_STAMP, '').trim();
    return [...line.matchAll(STAMP)].map(([, minutes, seconds, fraction]) => ({
      atSeconds: Math.max(0, Number(minutes) * 60 + Number(`${seconds}.${fraction ?? 0}`) - offsetSeconds),
      text,
    }));
  });
  return lines.toSorted((a, b) => a.atSeconds - b.atSeconds);
}

/** Returns the index of the line that is sung at a time, −1 before the first. */
export function lineAt(lines: readonly TimedLine[], seconds: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.atSeconds ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
