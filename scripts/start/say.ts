/** An end that a person can do something about: told in one line, without a stack. */
export class StartError extends Error {}

const isColourful = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

function paint(code: number, text: string): string {
  return isColourful ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** Prints that a part is ready, and what it found. */
export function sayReady(part: string, found: string): void {
  console.log(`${paint(32, '✓')} ${part.padEnd(11)} ${found}`);
}

/** Prints a line of its own. */
export function say(text: string): void {
  console.log(text);
}

/** Prints what went wrong: one line for what a person can mend, everything for what is our fault. */
export function sayFailure(error: unknown): void {
  const text =
    error instanceof StartError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  console.error(`${paint(31, '✗')} ${text}`);
}
