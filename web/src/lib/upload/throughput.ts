/** The speed of the last few seconds is what a person wants to know; an average over everything lags. */
const WINDOW_MS = 8000;

/** Measures how fast bytes leave. */
export class Throughput {
  #samples: { atMs: number; bytes: number }[] = [];

  /** Notes that `bytes` have been sent in all. */
  note(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs <= WINDOW_MS);
  }

  /** Returns bytes a second, or null while too little is known. */
  bytesPerSecond(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return null;
    return Math.max(0, (last.bytes - first.bytes) / ((last.atMs - first.atMs) / 1000));
  }

  /** Returns the seconds until `remainingBytes` are sent, or null while it cannot be told. */
  secondsLeft(remainingBytes: number): number | null {
    const speed = this.bytesPerSecond();
    return speed === null || speed === 0 ? null : remainingBytes / speed;
  }

  /** Forgets the past, after a pause. */
  reset(): void {
    this.#samples = [];
  }
}
