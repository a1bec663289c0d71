import type { securityEvents } from './tables.ts';

export type EventRow = typeof securityEvents.$inferSelect;

/** What the first event follows. */
export const GENESIS = '0'.repeat(64);

/**
 * Returns the SHA-256, in hex, of an event in its canonical form: a JSON array of its fields in this order, with
 * the hash of the event before it. `details` is hashed as the text that is stored.
 */
export async function hashOf(row: Omit<EventRow, 'hash'>): Promise<string> {
  const { seq, atMs, event, actorId, subjectId, network, device, details, previousHash } = row;
  const canonical = JSON.stringify([
    seq,
    atMs,
    event,
    actorId,
    subjectId,
    network,
    device,
    details,
    previousHash,
  ]);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical));
  return new Uint8Array(hash).toHex();
}

/** Returns the number of the first event that does not follow from the one before it; null where all do. */
export async function firstBreak(
  before: { seq: number; hash: string } | null,
  rows: readonly EventRow[],
): Promise<number | null> {
  let last = before ?? { seq: 0, hash: GENESIS };
  for (const row of rows) {
    const follows = row.seq === last.seq + 1 && row.previousHash === last.hash;
    if (!follows || (await hashOf(row)) !== row.hash) return row.seq;
    last = row;
  }
  return null;
}
