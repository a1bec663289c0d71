import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type EventRow, hashOf, personalHashOf } from '../../src/features/audit/chain.ts';
import { AuditStore, CHECK_SIZE } from '../../src/features/audit/store.ts';
import { openDatabase } from '../../src/platform/db.ts';
import { api, read } from '../support/api.ts';
import { rowsOf } from '../support/state.ts';

const newStore = () => new AuditStore(openDatabase(env.DB));
const store = newStore();

const entry = (subjectId: string, count = 1) => ({
  atMs: Date.now(),
  event: 'session_ended',
  actorId: subjectId,
  subjectId,
  network: '203.0.113.0/24',
  device: 'a browser',
  details: JSON.stringify({ count }),
});

interface Check {
  isIntact: boolean;
  brokenAt: number | null;
  checked: number;
  nextAfter: number | null;
  head: { seq: number; hash: string } | null;
}

/** Checks the chain through the API from an event to its end. */
async function check(after = 0): Promise<Check> {
  const answer = await api(`/api/v1/security-events/verify?after=${after}`, { as: 'olga' });
  expect(answer.status).toBe(200);
  const found = await read<Check>(answer);
  return found.isIntact && found.nextAfter !== null ? check(found.nextAfter) : found;
}

const TRIGGERS = ['security_events_never_change', 'security_events_never_go', 'security_events_follow'];

/** Does what only somebody past the triggers can do, and puts everything back as it was. */
async function tampered(sql: string, look: () => Promise<void>, after = 0): Promise<void> {
  const kept = await rowsOf<Record<string, unknown>>('SELECT * FROM security_events WHERE seq > ?', after);
  const made = await rowsOf<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'security_events'",
  );
  expect(made).toHaveLength(TRIGGERS.length);
  await env.DB.batch(TRIGGERS.map((name) => env.DB.prepare(`DROP TRIGGER ${name}`)));
  try {
    await env.DB.prepare(sql).run();
    await look();
  } finally {
    await env.DB.prepare('DELETE FROM security_events WHERE seq > ?').bind(after).run();
    for (const row of kept) {
      const columns = Object.keys(row);
      await env.DB.prepare(
        `INSERT INTO security_events (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      )
        .bind(...Object.values(row))
        .run();
    }
    for (const trigger of made) await env.DB.prepare(trigger.sql).run();
  }
  expect((await check()).isIntact, 'everything is as it was').toBe(true);
}

describe('the chain of security events', () => {
  it('is unbroken after fifty events at the same moment', async () => {
    const before = (await check()).head?.seq ?? 0;
    // Each from a store of its own, as from isolates that know nothing of each other.
    const rows = await Promise.all(
      Array.from({ length: 50 }, (_, i) => newStore().append(entry('usr_many', i))),
    );
    expect(rows.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => before + i + 1),
    );
    expect(new Set(rows.map(({ previousHash }) => previousHash)).size).toBe(50);
    const after = await check();
    expect(after).toMatchObject({ isIntact: true, brokenAt: null, head: { seq: before + 50 } });
    const last = rows.find(({ seq }) => seq === before + 50);
    expect(after.head?.hash, 'what the writer was told is what is there').toBe(last?.hash);
  });

  it('is checked in stretches, however long it is', async () => {
    const [last] = await rowsOf<{ seq: number }>('SELECT max(seq) AS seq FROM security_events');
    const length = last?.seq ?? 0;
    for (const from of [0, Math.floor(length / 2), length - 1]) {
      const found = await store.check(from);
      const checked = Math.min(CHECK_SIZE, length - from);
      expect(found).toMatchObject({ brokenAt: null, checked, head: { seq: from + checked } });
    }
  });

  it('cannot be changed, cut or joined in the middle by a statement', async () => {
    const { seq, hash } = await store.append(entry('usr_fixed'));
    const run = (sql: string) => env.DB.prepare(sql).run();
    await expect(run(`UPDATE security_events SET event = 'signed_in' WHERE seq = ${seq}`)).rejects.toThrow(
      /never changed/,
    );
    await expect(run(`DELETE FROM security_events WHERE seq = ${seq}`)).rejects.toThrow(/never deleted/);
    const values = (at: number) =>
      `(${at}, 0, 'signed_in', NULL, NULL, NULL, NULL, '{}', '${hash}', 'x', NULL, NULL)`;
    for (const verb of ['INSERT OR REPLACE', 'REPLACE', 'INSERT']) {
      await run(`${verb} INTO security_events VALUES ${values(seq)}`);
      await run(`${verb} INTO security_events VALUES ${values(seq + 2)}`);
    }
    const rows = await rowsOf<{ event: string }>('SELECT event FROM security_events WHERE seq >= ?', seq);
    expect(rows).toEqual([{ event: 'session_ended' }]);
  });

  describe('lets a person be taken out', () => {
    const leaving = 'usr_leaves_the_chain';

    it('of what is about them and of what they did to others, and stays unbroken', async () => {
      const own = await store.append(entry(leaving));
      const done = await store.append({ ...entry('usr_stays'), actorId: leaving, event: 'role_changed' });
      const other = await store.append(entry('usr_stays'));
      expect(await store.erasePerson(leaving, 1)).toBe(1);
      expect(await store.erasePerson(leaving, 100)).toBe(1);
      expect(await store.erasePerson(leaving, 100)).toBe(0);
      const rows = await rowsOf<Record<string, unknown>>(
        'SELECT * FROM security_events WHERE seq >= ?',
        own.seq,
      );
      expect(rows).toMatchObject([
        {
          event: 'session_ended',
          hash: own.hash,
          subject_id: null,
          actor_id: null,
          network: null,
          device: null,
          details: '{}',
        },
        {
          event: 'role_changed',
          hash: done.hash,
          subject_id: 'usr_stays',
          actor_id: null,
          network: null,
          details: done.details,
        },
        { hash: other.hash, subject_id: 'usr_stays', actor_id: 'usr_stays', network: other.network },
      ]);
      expect((await check()).isIntact).toBe(true);
    });

    it('and nothing else be changed on that occasion', async () => {
      const { seq } = await store.append(entry('usr_half_out'));
      const taken = 'salt = NULL, network = NULL, device = NULL';
      for (const more of [
        "event = 'signed_in'",
        'at_ms = 1',
        "subject_id = 'usr_other'",
        "actor_id = 'usr_other'",
        `details = '{"count":7}'`,
        "hash = 'x'",
        "previous_hash = 'x'",
        "personal_hash = 'x'",
        'seq = seq + 100',
        "device = 'x'",
      ]) {
        const change = env.DB.prepare(
          `UPDATE security_events SET ${taken}, ${more} WHERE seq = ${seq}`,
        ).run();
        await expect(change, more).rejects.toThrow(/never changed|UNIQUE|ambiguous/);
      }
    });
  });

  describe('shows', () => {
    it.each([
      ['a changed detail', `UPDATE security_events SET details = '{"count":99}' WHERE seq = `],
      ['another subject', `UPDATE security_events SET subject_id = 'usr_other' WHERE seq = `],
      ['a moved time', `UPDATE security_events SET at_ms = at_ms + 1 WHERE seq = `],
      [
        'a subject whose hash was made to fit nothing',
        `UPDATE security_events SET personal_hash = 'x' WHERE seq = `,
      ],
      ['a lost device', `UPDATE security_events SET device = NULL WHERE seq = `],
    ])('%s', async (_what, sql) => {
      const { seq } = await store.append(entry('usr_tampered'));
      await store.append(entry('usr_tampered'));
      await tampered(sql + seq, async () => {
        expect(await check()).toMatchObject({ isIntact: false, brokenAt: seq });
      });
    });

    it('an event that is gone from the middle, also where the check begins behind it', async () => {
      const { seq } = await store.append(entry('usr_gone'));
      await store.append(entry('usr_gone'));
      await tampered(`DELETE FROM security_events WHERE seq = ${seq}`, async () => {
        expect(await check()).toMatchObject({ isIntact: false, brokenAt: seq + 1 });
        expect(await check(seq)).toMatchObject({ isIntact: false, brokenAt: seq });
      });
    });

    it('an event whose hash was made to fit, by the one that follows it', async () => {
      const row = await store.append(entry('usr_fitted'));
      const next = await store.append(entry('usr_fitted'));
      const personal = { ...row, subjectId: 'usr_framed' };
      const personalHash = await personalHashOf(personal, row.salt ?? '');
      const { hash: _hash, ...forged }: EventRow = { ...personal, personalHash };
      const fitting = await hashOf(forged);
      await tampered(
        `UPDATE security_events SET subject_id = 'usr_framed', personal_hash = '${personalHash}', hash = '${fitting}' WHERE seq = ${row.seq}`,
        async () => {
          expect(await check()).toMatchObject({ isIntact: false, brokenAt: next.seq });
        },
      );
    });

    it('by its head that the end was cut off', async () => {
      const { seq, hash } = await store.append(entry('usr_cut'));
      expect((await check()).head).toEqual({ seq, hash });
      await tampered(`DELETE FROM security_events WHERE seq = ${seq}`, async () => {
        const found = await check();
        expect(found.isIntact).toBe(true);
        expect(found.head?.seq).toBe(seq - 1);
      });
    });
  });
});
