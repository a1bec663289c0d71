/** A line of lyrics and when it is sung, in seconds; null where nobody has said. */
export interface TimedLine {
  seconds: number | null;
  words: string;
}

/** Returns a time as LRC writes it: `[mm:ss.xx]`. */
export function lrcTime(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const minutes = String(Math.floor(hundredths / 6000)).padStart(2, '0');
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `[${minutes}:${rest}]`;
}

/** Returns the lines of plain words or of LRC; lines that say what the file is about are left out. */
export function linesOf(text: string): TimedLine[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^\[[a-z#]{1,10}:.*\]$/i.test(line))
    .map((line) => {
      const [, minutes, seconds, words] =
        /^\[(\d{1,3}):(\d\d(?:\.\d{1,3})?)\](?:\[[\d:.]+\])*(.*)$/.exec(line) ?? [];
      if (words === undefined) return { seconds: null, words: line };
      return { seconds: Number(minutes) * 60 + Number(seconds), words: words.trim() };
    });
}

/** Returns lines as LRC; those without a time get that of the line before them. */
export function lrcOf(lines: readonly TimedLine[]): string {
  let last = 0;
  return lines
    .map(({ seconds, words }) => {
      last = Math.max(last, seconds ?? last);
      return `${lrcTime(last)} ${words}`;
    })
    .join('\n');
}

/** Returns lines without their times, as plain words. */
export function plainOf(lines: readonly TimedLine[]): string {
  return lines.map(({ words }) => words).join('\n');
}
