import { formatBytes, formatTime } from '../lib/format.ts';
import { bar, type LiveLine } from '../lib/live-line.ts';

/** Speed is judged over the last stretch of this length, in seconds. */
const WINDOW_SECONDS = 15;

/** Keeps count of an import and shows it with the time it still needs. */
export class ImportProgress {
  private readonly line: LiveLine;
  private readonly totalBytes: number;
  private readonly totalFiles: number;
  private readonly now: () => number;
  private readonly samples: { seconds: number; bytes: number }[] = [];
  private doneBytes = 0;
  private sentBytes = 0;
  private doneFiles = 0;
  private current = '';

  constructor(line: LiveLine, totals: { files: number; bytes: number }, now: () => number = Date.now) {
    this.line = line;
    this.totalFiles = totals.files;
    this.totalBytes = totals.bytes;
    this.now = now;
  }

  /** Names the file that is being worked on. */
  begin(label: string): void {
    this.current = label;
  }

  /** Counts bytes that are dealt with; `sent` when they went over the wire. */
  advance(bytes: number, sent: boolean): void {
    this.doneBytes += bytes;
    if (sent) this.sentBytes += bytes;
  }

  /** Counts a file that is dealt with. */
  finishFile(): void {
    this.doneFiles++;
  }

  /** Redraws the line; `preparing` is the number of tracks whose transcode is still running. */
  show(preparing: number): void {
    const seconds = this.now() / 1000;
    this.samples.push({ seconds, bytes: this.sentBytes });
    while ((this.samples[1]?.seconds ?? seconds) < seconds - WINDOW_SECONDS) this.samples.shift();
    const part = this.totalBytes === 0 ? 1 : this.doneBytes / this.totalBytes;
    const pieces = [
      `${bar(part, 16)} ${Math.floor(part * 100)} %`,
      `${this.doneFiles}/${this.totalFiles} files`,
    ];
    const speed = this.bytesPerSecond();
    if (part < 1 && speed > 0) {
      pieces.push(
        `${formatBytes(speed)}/s`,
        `${formatTime((this.totalBytes - this.doneBytes) / speed)} left`,
      );
    }
    if (preparing > 0) pieces.push(`${preparing} being prepared`);
    if (part < 1 && this.current !== '') pieces.push(this.current);
    this.line.update(pieces.join(' · '));
  }

  private bytesPerSecond(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.seconds - first.seconds < 0.5) return 0;
    return (last.bytes - first.bytes) / (last.seconds - first.seconds);
  }
}
