import { and, asc, desc, eq, inArray, lt, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../platform/db.ts';
import { KEPT_MS } from './policy.ts';
import type { RenderedMail } from './render.ts';
import { mailMessages } from './tables.ts';

export type MailRow = typeof mailMessages.$inferSelect;

/** One claim on a message: its holder is to send it, and to say what became of it. */
export interface MailClaim {
  mailId: string;
  template: string;
  attempt: number;
  faultCount: number;
}

/** What is left of a message after its end. */
const EMPTIED = { recipient: null, subject: null, textBody: null, htmlBody: null };

/** The only writer of `mail_messages`. Every transition is one conditional update; a late or doubled one changes nothing. */
export class MailStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(mailId: string): Promise<MailRow | null> {
    return (await this.#db.select().from(mailMessages).where(eq(mailMessages.id, mailId)).get()) ?? null;
  }

  /** Queues a message and returns its id; where one of this hash is known already, returns that one's. */
  async enqueue(row: {
    mailId: string;
    dedupeHash: string;
    template: string;
    locale: string;
    to: string;
    mail: RenderedMail;
    nowMs: number;
    uselessAtMs: number;
  }): Promise<{ mailId: string; isNew: boolean }> {
    const inserted = await this.#db
      .insert(mailMessages)
      .values({
        id: row.mailId,
        dedupeHash: row.dedupeHash,
        template: row.template,
        locale: row.locale,
        state: 'queued',
        recipient: row.to,
        subject: row.mail.subject,
        textBody: row.mail.text,
        htmlBody: row.mail.html,
        dueAtMs: row.nowMs,
        uselessAtMs: row.uselessAtMs,
        createdAtMs: row.nowMs,
      })
      .onConflictDoNothing({ target: mailMessages.dedupeHash })
      .returning({ mailId: mailMessages.id })
      .get();
    if (inserted !== undefined) return { mailId: inserted.mailId, isNew: true };
    const known = await this.#db
      .select({ mailId: mailMessages.id })
      .from(mailMessages)
      .where(eq(mailMessages.dedupeHash, row.dedupeHash))
      .get();
    return { mailId: known?.mailId ?? row.mailId, isNew: false };
  }

  /** Takes a queued message whose time has come; null when it is not there to take. */
  async claim(row: MailRow, nowMs: number, leaseMs: number): Promise<MailClaim | null> {
    const { id: mailId, template, faultCount } = row;
    const attempt = row.attempt + 1;
    const taken = await this.#db
      .update(mailMessages)
      .set({ state: 'sending', attempt, dueAtMs: nowMs + leaseMs })
      .where(
        and(
          eq(mailMessages.id, mailId),
          eq(mailMessages.state, 'queued'),
          eq(mailMessages.attempt, row.attempt),
        ),
      )
      .run();
    return taken.meta.changes === 1 ? { mailId, template, attempt, faultCount } : null;
  }

  /** Ends the claim with a message that has left. */
  markSent(claim: MailClaim, providerId: string | null, nowMs: number, keeps: boolean): Promise<boolean> {
    return this.#change(claim, {
      state: 'sent',
      providerId,
      finishedAtMs: nowMs,
      dueAtMs: nowMs + KEPT_MS,
      ...(keeps ? {} : EMPTIED),
    });
  }

  /** Ends the claim with a message that is given up. */
  markFailed(claim: MailClaim, reason: string, nowMs: number, keeps: boolean): Promise<boolean> {
    return this.#change(claim, {
      state: 'failed',
      lastFault: reason,
      finishedAtMs: nowMs,
      dueAtMs: nowMs + KEPT_MS,
      ...(keeps ? {} : EMPTIED),
    });
  }

  /** Gives the claim back after a fault, to be tried again from `dueAtMs` on. */
  release(claim: MailClaim, reason: string, dueAtMs: number): Promise<boolean> {
    return this.#change(claim, {
      state: 'queued',
      lastFault: reason,
      dueAtMs,
      faultCount: claim.faultCount + 1,
    });
  }

  async #change(claim: MailClaim, change: Partial<MailRow>): Promise<boolean> {
    const changed = await this.#db
      .update(mailMessages)
      .set(change)
      .where(
        and(
          eq(mailMessages.id, claim.mailId),
          eq(mailMessages.attempt, claim.attempt),
          eq(mailMessages.state, 'sending'),
        ),
      )
      .run();
    return changed.meta.changes === 1;
  }

  /** Returns claims whose holder has gone silent. */
  lapsed(nowMs: number, limit: number): Promise<MailRow[]> {
    return this.#due(eq(mailMessages.state, 'sending'), nowMs, limit);
  }

  /** Returns queued rows whose queue message seems lost. */
  forgotten(beforeMs: number, limit: number): Promise<MailRow[]> {
    return this.#due(eq(mailMessages.state, 'queued'), beforeMs, limit);
  }

  #due(inState: SQL, beforeMs: number, limit: number): Promise<MailRow[]> {
    return this.#db
      .select()
      .from(mailMessages)
      .where(and(inState, lte(mailMessages.dueAtMs, beforeMs)))
      .orderBy(asc(mailMessages.dueAtMs))
      .limit(limit);
  }

  /** Notes that a queue message is under way again. */
  async touch(mailId: string, nowMs: number): Promise<void> {
    await this.#db
      .update(mailMessages)
      .set({ dueAtMs: nowMs })
      .where(and(eq(mailMessages.id, mailId), eq(mailMessages.state, 'queued')));
  }

  /** Removes messages to an address, whatever has become of them, but one kind; returns whether all are gone. */
  async erase(recipient: string, except: string, limit: number): Promise<boolean> {
    const some = this.#db
      .select({ id: mailMessages.id })
      .from(mailMessages)
      .where(and(eq(mailMessages.recipient, recipient), ne(mailMessages.template, except)))
      .limit(limit);
    const removed = await this.#db.delete(mailMessages).where(inArray(mailMessages.id, some)).run();
    return removed.meta.changes < limit;
  }

  /** Removes rows whose keeping is over; returns how many. */
  async purge(nowMs: number, limit: number): Promise<number> {
    let count = 0;
    for (const state of ['sent', 'failed'] as const) {
      const old = this.#db
        .select({ id: mailMessages.id })
        .from(mailMessages)
        .where(and(eq(mailMessages.state, state), lte(mailMessages.dueAtMs, nowMs)))
        .limit(limit);
      const removed = await this.#db.delete(mailMessages).where(inArray(mailMessages.id, old)).run();
      count += removed.meta.changes;
    }
    return count;
  }

  /** Returns messages, newest first, one more than asked for where there are more. */
  list(cursor: string | undefined, limit: number): Promise<MailRow[]> {
    return this.#page(undefined, cursor, limit);
  }

  /** Returns messages that were given up, newest first, one more than asked for where there are more. */
  listFailed(cursor: string | undefined, limit: number): Promise<MailRow[]> {
    // Named, because the planner would rather sort every failed row; after `~` comes no id.
    const ids = sql`(SELECT id FROM mail_messages INDEXED BY mail_messages_failed WHERE state = 'failed' AND id < ${cursor ?? '~'} ORDER BY id DESC LIMIT ${limit + 1})`;
    return this.#page(inArray(mailMessages.id, ids), undefined, limit);
  }

  #page(which: SQL | undefined, cursor: string | undefined, limit: number): Promise<MailRow[]> {
    return this.#db
      .select()
      .from(mailMessages)
      .where(and(which, cursor === undefined ? undefined : lt(mailMessages.id, cursor)))
      .orderBy(desc(mailMessages.id))
      .limit(limit + 1);
  }
}
