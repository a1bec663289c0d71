import { clip } from './format.ts';

export type Output = { isTTY?: boolean; columns?: number; write(text: string): unknown };

/** On a terminal a live line is redrawn this often, elsewhere a plain line is written, in milliseconds. */
const REDRAW_MS = 120;
const PLAIN_MS = 5000;

/** One line that shows how far things are: redrawn in place on a terminal, now and then a plain line elsewhere. */
export class LiveLine {
  private readonly output: Output;
  private readonly now: () => number;
  private lastDrawn = Number.NEGATIVE_INFINITY;
  private lastText = '';
  private shown = false;

  constructor(output: Output, now: () => number = Date.now) {
    this.output = output;
    this.now = now;
  }

  /** Shows a state, unless the last one was shown a moment ago. */
  update(text: string): void {
    const interval = this.output.isTTY === true ? REDRAW_MS : PLAIN_MS;
    if (text === this.lastText || this.now() - this.lastDrawn < interval) return;
    this.lastDrawn = this.now();
    this.lastText = text;
    if (this.output.isTTY === true) {
      this.output.write(`\r\u001b[2K${clip(text, (this.output.columns ?? 80) - 1)}`);
      this.shown = true;
    } else {
      this.output.write(`${text}\n`);
    }
  }

  /** Writes a line that stays, above the live one. */
  say(text: string): void {
    this.clear();
    this.output.write(`${text}\n`);
  }

  /** Takes the live line away. */
  clear(): void {
    if (this.shown) this.output.write('\r\u001b[2K');
    this.shown = false;
    this.lastDrawn = Number.NEGATIVE_INFINITY;
    this.lastText = '';
  }
}

/** Returns a bar such as `━━━━────` for a part of 0…1. */
export function bar(part: number, width = 20): string {
  const filled = Math.round(Math.max(0, Math.min(1, part)) * width);
  return '━'.repeat(filled) + '─'.repeat(width - filled);
}
