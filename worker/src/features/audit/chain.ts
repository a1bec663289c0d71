import type { securityEvents } from './tables.ts';

export type EventRow = typeof securityEvents.$inferSelect;

/** What an event tells, before it has its place in the chain. */
export type Entry = Pick<
  EventRow,
  'atMs' | 'event' | 'actorId' | 'subjectId' | 'network' | 'device' | 'details'
>;

/** What the first event follows. */
export const GENESIS = '0'.repeat(64);

async function sha256Hex(canonical: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(canonical));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}

/** Returns the hash of what an event tells of people; without the salt nobody can tell what it was made of. */
export function personalHashOf(row: Omit<Entry, 'atMs' | 'event'>, salt: string): Promise<string> {
  return sha256Hex([salt, row.actorId, row.subjectId, row.network, row.device, row.details]);
}

/**
 * Returns the SHA-256, in hex, of an event in its canonical form: a JSON array of its fields in this order, with the
 * hash of the event before it. What is personal takes part as a salted hash, so that a person can be erased and the
 * chain still holds. `details` is hashed as the text that is stored.
 */
export function hashOf(row: Omit<EventRow, 'hash'>): Promise<string> {
  const { seq, atMs, event, actorId, subjectId, network, device, details, previousHash, personalHash } = row;
  if (personalHash !== null) return sha256Hex([seq, atMs, event, personalHash, previousHash]);
  return sha256Hex([seq, atMs, event, actorId, subjectId, network, device, details, previousHash]);
}

/** Returns the event with its place in the chain. */
export async function linked(entry: Entry, last: { seq: number; hash: string } | null): Promise<EventRow> {
  const salt = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const { seq, hash: previousHash } = last ?? { seq: 0, hash: GENESIS };
  const personalHash = await personalHashOf(entry, salt);
  const row = { ...entry, seq: seq + 1, previousHash, personalHash, salt };
  return { ...row, hash: await hashOf(row) };
}

/** Whether what an event tells of people is what was written, or was erased with one of them. */
async function isPersonalIntact(row: EventRow): Promise<boolean> {
  if (row.personalHash === null) return true;
  if (row.salt === null) return row.network === null && row.device === null;
  return (await personalHashOf(row, row.salt)) === row.personalHash;
}

/** Returns the number of the first event that does not follow from the one before it; null where all do. */
export async function firstBreak(
  before: { seq: number; hash: string } | null,
  rows: readonly EventRow[],
): Promise<number | null> {
  let last = before ?? { seq: 0, hash: GENESIS };
  for (const row of rows) {
    const follows = row.seq === last.seq + 1 && row.previousHash === last.hash;
    if (!follows || (await hashOf(row)) !== row.hash || !(await isPersonalIntact(row))) return row.seq;
    last = row;
  }
  return null;
}
