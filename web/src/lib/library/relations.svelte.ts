import { SvelteMap } from 'svelte/reactivity';
import { toApiError } from '$lib/api/api-error.ts';
import type { Change, RelationsServer, Standing } from './relations-server.ts';

const NONE: Standing = { liked: false, followed: false, stars: null };
const MOST_AT_ONCE = 100;

/** One thing that somebody wants changed: the last wish counts, one request is under way at a time. */
interface Wish {
  change: Change;
  /** What the server is known to hold, to go back to. */
  before: Standing;
}

function applied(standing: Standing, change: Change): Standing {
  if (change.relation === 'like') return { ...standing, liked: change.wanted };
  if (change.relation === 'follow') return { ...standing, followed: change.wanted };
  return { ...standing, stars: change.stars };
}

function revoked(standing: Standing, change: Change, before: Standing): Standing {
  if (change.relation === 'like') return { ...standing, liked: before.liked };
  if (change.relation === 'follow') return { ...standing, followed: before.followed };
  return { ...standing, stars: before.stars };
}

/**
 * How the person stands to what is on the page. Asked for in one request for everything that appears at the same time;
 * changed at once on the screen, and taken back with a sentence where the server refuses.
 */
export class Relations {
  readonly #server: RelationsServer;
  readonly #known = new SvelteMap<string, Standing>();
  readonly #failures = new SvelteMap<string, string>();
  // Nobody looks at these two; an effect that asks must not run again because it asked.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<string>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #wishes = new Map<string, Wish>();
  #toAsk: string[] = [];
  #ownerId: string | null = null;

  constructor(server: RelationsServer) {
    this.#server = server;
  }

  /** Forgets everything when somebody else is there. */
  belongsTo(userId: string | null): void {
    if (userId === this.#ownerId) return;
    this.#ownerId = userId;
    this.#known.clear();
    this.#failures.clear();
    this.#asked.clear();
  }

  /** Returns how the person stands to a thing (an id, or `@handle`); null while that is not known. */
  of(id: string): Standing | null {
    return this.#known.get(id) ?? null;
  }

  /** Returns why the last change of a thing came to nothing, in a sentence. */
  failureOf(id: string): string | null {
    return this.#failures.get(id) ?? null;
  }

  /** Takes in that these are liked, as a list that was just read says; a change that is under way knows better. */
  learnLiked(ids: readonly string[]): void {
    for (const id of ids) {
      const standing = this.#known.get(id);
      if (standing === undefined || this.#wishes.has(`like ${id}`)) continue;
      this.#known.set(id, { ...standing, liked: true });
    }
  }

  /** Wants a thing to be known. */
  ask(id: string): void {
    if (this.#ownerId === null || this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#toAsk.push(id);
    // Whatever appears in the same moment is asked for together.
    if (this.#toAsk.length === 1) setTimeout(() => void this.#read(), 0);
  }

  async #read(): Promise<void> {
    const ids = this.#toAsk;
    this.#toAsk = [];
    const ownerId = this.#ownerId;
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
      const some = ids.slice(at, at + MOST_AT_ONCE);
      try {
        const found = await this.#server.read(some);
        if (ownerId !== this.#ownerId) return;
        for (const { id, ...standing } of found) {
          if (![...this.#wishes.values()].some(({ change }) => change.id === id))
            this.#known.set(id, standing);
        }
      } catch {
        // The buttons stay as they are; the next page that shows these things asks again.
        for (const id of some) this.#asked.delete(id);
      }
    }
  }

  /** Changes how the person stands to a thing; never throws. */
  async change(change: Change): Promise<void> {
    const { id } = change;
    const key = `${change.relation} ${id}`;
    const standing = this.#known.get(id) ?? NONE;
    this.#failures.delete(id);
    this.#known.set(id, applied(standing, change));
    const running = this.#wishes.get(key);
    if (running !== undefined) {
      running.change = change;
      return;
    }
    const wish: Wish = { change, before: standing };
    this.#wishes.set(key, wish);
    const ownerId = this.#ownerId;
    for (;;) {
      const sent = wish.change;
      try {
        await this.#server.change(sent);
        wish.before = applied(wish.before, sent);
      } catch (error) {
        // A newer wish may still come true.
        if (wish.change === sent) {
          this.#wishes.delete(key);
          if (ownerId !== this.#ownerId) return;
          this.#known.set(id, revoked(this.#known.get(id) ?? NONE, sent, wish.before));
          this.#failures.set(id, toApiError(error).message);
          return;
        }
      }
      if (wish.change === sent) break;
    }
    this.#wishes.delete(key);
  }

  /** Takes the sentence away again. */
  forgetFailure(id: string): void {
    this.#failures.delete(id);
  }
}
