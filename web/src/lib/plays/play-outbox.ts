import { readStored, writeStored } from '$lib/stored.ts';
import type { Play } from './play-log.ts';

const KEY = 'melro.plays';
/** The API takes as many at once. */
const MOST_AT_ONCE = 50;
/** Of somebody who listens offline for weeks the oldest go. */
const MOST_KEPT = 1000;

type Unsent = Play & { userId: string };

function isUnsent(value: unknown): value is Unsent[] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: Partial<Unsent> | null) => typeof one?.id === 'string' && typeof one.userId === 'string',
    )
  );
}

/** Sends plays; rejects where nobody took them in. `isLeaving` while the page goes away. */
export type SendPlays = (plays: readonly Play[], isLeaving: boolean) => Promise<unknown>;

/** Keeps plays in this browser until the API has taken them in: a lost connection loses none. */
export class PlayOutbox {
  readonly #send: SendPlays;
  #sending: Promise<void> | null = null;

  constructor(send: SendPlays) {
    this.#send = send;
  }

  /** Keeps a play; one that is there already is replaced by what it has grown to. */
  put(userId: string, play: Play): void {
    const others = readStored(KEY, isUnsent, []).filter(({ id }) => id !== play.id);
    writeStored(KEY, [...others, { userId, ...play }].slice(-MOST_KEPT));
  }

  /** Sends what is kept of this person, nobody else's; never throws. What nobody took in stays for the next time. */
  flush(userId: string, isLeaving = false): Promise<void> {
    if (isLeaving) return this.#sendSome(userId, true).then(() => undefined);
    this.#sending ??= this.#sendAll(userId).finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(userId: string): Promise<void> {
    while (await this.#sendSome(userId, false));
  }

  /** Returns whether there is more to send. */
  async #sendSome(userId: string, isLeaving: boolean): Promise<boolean> {
    const mine = readStored(KEY, isUnsent, []).filter((play) => play.userId === userId);
    const some = mine.slice(0, MOST_AT_ONCE);
    if (some.length === 0) return false;
    try {
      await this.#send(
        some.map(({ userId: _whose, ...play }) => play),
        isLeaving,
      );
    } catch {
      return false;
    }
    const sent = new Map(some.map(({ id, listenedSeconds }) => [id, listenedSeconds]));
    const left = readStored(KEY, isUnsent, []).filter(
      ({ id, listenedSeconds }) => sent.get(id) !== listenedSeconds,
    );
    writeStored(KEY, left.length === 0 ? null : left);
    return mine.length > some.length;
  }
}
