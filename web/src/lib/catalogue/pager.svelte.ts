import { type ApiError, toApiError } from '$lib/api/api-error.ts';
import type { PageOf } from './load-catalogue.ts';

/** A list that grows page by page. */
export class Pager<T> {
  items = $state.raw<readonly T[]>([]);
  nextCursor = $state<string | null>(null);
  error = $state.raw<ApiError | null>(null);
  isLoading = $state(false);
  readonly #load: (cursor: string) => Promise<PageOf<T>>;

  constructor(first: PageOf<T>, load: (cursor: string) => Promise<PageOf<T>>) {
    this.items = first.items;
    this.nextCursor = first.nextCursor;
    this.#load = load;
  }

  /** Adds the page that follows; a failure is kept in `error`. */
  async loadMore(): Promise<void> {
    const cursor = this.nextCursor;
    if (cursor === null || this.isLoading) return;
    this.isLoading = true;
    this.error = null;
    try {
      const { items, nextCursor } = await this.#load(cursor);
      // Whoever came back meanwhile has the list as it was then.
      if (this.nextCursor === cursor) this.restore({ items: [...this.items, ...items], nextCursor });
    } catch (error) {
      this.error = toApiError(error);
    }
    this.isLoading = false;
  }

  /** Takes up a list where it was left. */
  restore({ items, nextCursor }: PageOf<T>): void {
    this.items = items;
    this.nextCursor = nextCursor;
  }
}
