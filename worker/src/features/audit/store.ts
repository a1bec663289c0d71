import { and, asc, desc, eq, gt, inArray, isNotNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../../platform/db.ts';
import { type Entry, type EventRow, firstBreak, linked } from './chain.ts';
import { securityEvents } from './tables.ts';

/** Of writers at the same moment one wins each round, so this many can meet. */
const MAX_ROUNDS = 200;
const LONGEST_PAUSE_MS = 40;

/** Events that one check looks at. */
export const CHECK_SIZE = 1000;

/** What a check of a stretch of the chain found. */
export interface ChainCheck {
  /** Number of the first event that was changed, lost or slipped in; null where there is none. */
  brokenAt: number | null;
  checked: number;
  /** Where the next stretch begins; null at the end of the chain. */
  nextAfter: number | null;
  /** The last event looked at; compare it with the log's line about it. */
  head: { seq: number; hash: string } | null;
}

/** The only writer of the audit log. */
export class AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Appends one event to the chain and returns its row. Throws when the database does, or never lets it in. */
  async append(entry: Entry): Promise<EventRow> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const last = await this.#db
        .select({ seq: securityEvents.seq, hash: securityEvents.hash })
        .from(securityEvents)
        .orderBy(desc(securityEvents.seq))
        .limit(1)
        .get();
      const row = await linked(entry, last ?? null);
      const { meta } = await this.#db.insert(securityEvents).values(row).onConflictDoNothing();
      if (meta.changes > 0) return row;
      // Somebody else's event came first; ours now follows that one.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    }
    throw new Error('the audit log is too busy');
  }

  /** Returns events, newest first, one more than asked for where there are more; of everyone where nobody is named. */
  list(of: { subjectId?: string; before?: number; limit: number }): Promise<EventRow[]> {
    return this.#db
      .select()
      .from(securityEvents)
      .where(
        and(
          of.subjectId === undefined ? undefined : eq(securityEvents.subjectId, of.subjectId),
          of.before === undefined ? undefined : lt(securityEvents.seq, of.before),
        ),
      )
      .orderBy(desc(securityEvents.seq))
      .limit(of.limit + 1);
  }

  /**
   * Takes a person out of events, some at a time, and returns how many: that something happened, and when, stays and
   * goes on being checked; who, where and on what goes. Of what they did to others only their part goes.
   */
  async erasePerson(userId: string, limit: number): Promise<number> {
    const isTheirs = and(
      or(eq(securityEvents.subjectId, userId), eq(securityEvents.actorId, userId)),
      isNotNull(securityEvents.personalHash),
    );
    const some = this.#db
      .select({ seq: securityEvents.seq })
      .from(securityEvents)
      .where(isTheirs)
      .orderBy(asc(securityEvents.seq))
      .limit(limit);
    const { meta } = await this.#db
      .update(securityEvents)
      .set({
        salt: null,
        network: null,
        device: null,
        details: sql`CASE WHEN subject_id = ${userId} THEN '{}' ELSE details END`,
        actorId: sql`nullif(actor_id, ${userId})`,
        subjectId: sql`nullif(subject_id, ${userId})`,
      })
      .where(inArray(securityEvents.seq, some));
    return meta.changes;
  }

  /** Checks the stretch of the chain that follows the event `after`. */
  async check(after: number): Promise<ChainCheck> {
    const before = await this.#db.select().from(securityEvents).where(eq(securityEvents.seq, after)).get();
    const rows = await this.#db
      .select()
      .from(securityEvents)
      .where(gt(securityEvents.seq, after))
      .orderBy(asc(securityEvents.seq))
      .limit(CHECK_SIZE);
    const isLost = after > 0 && before === undefined;
    const last = rows.at(-1) ?? before;
    return {
      brokenAt: isLost ? after : await firstBreak(before ?? null, rows),
      checked: rows.length,
      nextAfter: rows.length === CHECK_SIZE ? (rows.at(-1)?.seq ?? null) : null,
      head: last === undefined ? null : { seq: last.seq, hash: last.hash },
    };
  }
}
