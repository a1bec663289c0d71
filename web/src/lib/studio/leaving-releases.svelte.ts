import { SvelteSet } from 'svelte/reactivity';

/** Releases that are about to be deleted: no list shows them, and for a moment they can be brought back. */
class LeavingReleases {
  readonly #ids = new SvelteSet<string>();

  has(releaseId: string): boolean {
    return this.#ids.has(releaseId);
  }

  add(releaseId: string): void {
    this.#ids.add(releaseId);
  }

  remove(releaseId: string): void {
    this.#ids.delete(releaseId);
  }
}

export const leavingReleases = new LeavingReleases();
