import { SvelteSet } from 'svelte/reactivity';
import { toApiError } from '$lib/api/api-error.ts';

/** Milliseconds for which one may think again. */
const UNDO_MS = 6000;

/**
 * What is being taken out of a list: it disappears at once, and the server hears of it when it is too late to think
 * again. For what cannot be put back.
 */
export class Removals {
  readonly #remove: (id: string, isLeaving: boolean) => Promise<unknown>;
  readonly #hidden = new SvelteSet<string>();
  /** Nobody looks at it; what shows is `pending`. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What can still be taken back. */
  pending = $state.raw<readonly string[]>([]);
  /** Why the last removal came to nothing, in a sentence. */
  failure = $state<string | null>(null);

  constructor(remove: (id: string, isLeaving: boolean) => Promise<unknown>) {
    this.#remove = remove;
  }

  /** Tells whether a thing is not to be shown any more. */
  hides(id: string): boolean {
    return this.#hidden.has(id);
  }

  /** Takes a thing out; all that are taken out in a row are taken back together. */
  add(id: string): void {
    this.failure = null;
    this.#hidden.add(id);
    this.pending = [...this.pending, id];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.commit(), UNDO_MS);
  }

  /** Puts back what is not gone yet. */
  undo(): void {
    clearTimeout(this.#timer);
    for (const id of this.pending) this.#hidden.delete(id);
    this.pending = [];
  }

  /** Tells the server; what it refuses is there again, with a sentence. Never throws. */
  async commit(isLeaving = false): Promise<void> {
    clearTimeout(this.#timer);
    const ids = this.pending;
    this.pending = [];
    await Promise.all(
      ids.map(async (id) => {
        try {
          await this.#remove(id, isLeaving);
        } catch (error) {
          const refusal = toApiError(error);
          // Somebody else was faster.
          if (refusal.status === 404) return;
          this.#hidden.delete(id);
          this.failure = refusal.message;
        }
      }),
    );
  }
}
