/** Something that has just been done, and perhaps how to take it back. */
export interface Notice {
  text: string;
  undo: (() => unknown) | null;
  /** What is really done only once nobody can take it back any more. */
  settle: (() => unknown) | null;
}

/** Long enough to read it and to reach the button. */
const SHOWN_MS = 10_000;

/** The one notice that the studio shows. */
export class Notices {
  current = $state.raw<Notice | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string, { undo = null, settle = null }: Partial<Notice> = {}): void {
    this.close();
    this.current = { text, undo, settle };
    this.resume();
  }

  /** While somebody points at it, it stays. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), SHOWN_MS);
  }

  /** Takes back what was done. What that throws comes through. */
  async undo(): Promise<void> {
    const notice = this.current;
    this.current = null;
    clearTimeout(this.#timer);
    await notice?.undo?.();
  }

  close(): void {
    clearTimeout(this.#timer);
    const notice = this.current;
    this.current = null;
    notice?.settle?.();
  }
}

export const notices = new Notices();
