/** Waits before each fresh grant; after the last one the listener is told. */
const WAITS_MS = [0, 1500, 4000] as const;

/** Playing for this long since the last fault means that it is over. */
const STEADY_SECONDS = 10;

/** How often a stream may fail in a row before it is given up. */
export class Recovery {
  #faults = 0;
  #lastFaultAtSeconds = 0;

  /** Returns how long to wait before trying again, or null to give up. */
  nextWaitMs(atSeconds: number): number | null {
    this.#lastFaultAtSeconds = atSeconds;
    return WAITS_MS[this.#faults++] ?? null;
  }

  /** Tells how far the music has come. */
  progressed(toSeconds: number): void {
    if (toSeconds - this.#lastFaultAtSeconds > STEADY_SECONDS) this.reset();
  }

  reset(): void {
    this.#faults = 0;
  }
}
