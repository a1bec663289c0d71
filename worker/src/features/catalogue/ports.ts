import type { PersonCard } from '../../platform/cards.ts';

/** What the catalogue asks of accounts. */
export interface PeoplePort {
  /** Returns whose handle this is, in whatever case it was typed; null where it is nobody's. */
  findIdByHandle(handle: string): Promise<string | null>;
  /** Returns those of these people who have an account. */
  findCards(userIds: readonly string[]): Promise<ReadonlyMap<string, PersonCard>>;
}

/** Tells the cache which artists, releases or tracks changed, by their ids. */
export type TellChanged = (...ids: readonly string[]) => Promise<unknown>;
