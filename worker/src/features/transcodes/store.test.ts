import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openDatabase, runBatch } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { type Claim, TranscodeStore } from './store.ts';

const db = openDatabase(env.DB);
const store = new TranscodeStore(db);
const LEASE_MS = 60_000;

async function queued(): Promise<string> {
  const transcodeId = newId('trc');
  const row = { transcodeId, trackId: newId('trk'), originalKey: 'originals/x', nowMs: Date.now() };
  await runBatch(db, [store.enqueue(row, sql`1`)]);
  return transcodeId;
}

async function claimed(transcodeId: string): Promise<Claim> {
  const claim = await store.claim(transcodeId, newId('ver'), Date.now(), LEASE_MS, () => []);
  if (claim === null) throw new Error('there was nothing to claim');
  return claim;
}

it('a transcode is queued once, however often it is asked for, and never where the guard forbids', async () => {
  const transcodeId = await queued();
  const claim = await claimed(transcodeId);
  const again = { transcodeId, trackId: claim.trackId, originalKey: 'originals/y', nowMs: 0 };
  await runBatch(db, [store.enqueue(again, sql`1`)]);
  expect(await store.find(transcodeId)).toMatchObject({ state: 'running', originalKey: 'originals/x' });
  const forbidden = newId('trc');
  await runBatch(db, [store.enqueue({ ...again, transcodeId: forbidden }, sql`0`)]);
  expect(await store.find(forbidden)).toBeNull();
});

it('publishing says yes to its holder, also when asked again because the first answer was lost', async () => {
  const claim = await claimed(await queued());
  expect(await store.publish(claim, Date.now(), () => [])).toBe(true);
  expect(await store.publish(claim, Date.now(), () => [])).toBe(true);
});

it('every way to end a claim says no to who has lost it, and changes nothing', async () => {
  const transcodeId = await queued();
  const lost = await claimed(transcodeId);
  await store.release(lost, { isFault: true, reason: 'lapsed', dueAtMs: 0 }, () => []);
  const holder = await claimed(transcodeId);
  const before = await store.find(transcodeId);
  expect(await store.renew(lost, Date.now(), LEASE_MS)).toBe(false);
  expect(await store.publish(lost, Date.now(), () => [])).toBe(false);
  expect(await store.fail(lost, 'corrupt', Date.now(), () => [])).toBe(false);
  expect(await store.giveUp(lost, 'tired', Date.now(), () => [])).toBe(false);
  expect(await store.release(lost, { isFault: true, reason: 'x', dueAtMs: 0 }, () => [])).toBe(false);
  expect(await store.find(transcodeId)).toEqual(before);
  expect(await store.publish(holder, Date.now(), () => [])).toBe(true);
});

it('only what is dead can be revived, and a finished transcode cannot be claimed', async () => {
  const transcodeId = await queued();
  expect(await store.revive(transcodeId, Date.now(), () => [])).toBe(false);
  const claim = await claimed(transcodeId);
  await store.giveUp(claim, 'tired', Date.now(), () => []);
  expect(await store.claim(transcodeId, newId('ver'), Date.now(), LEASE_MS, () => [])).toBeNull();
  expect(await store.revive(transcodeId, Date.now(), () => [])).toBe(true);
  expect(await claimed(transcodeId)).toMatchObject({ attempt: 2, faultCount: 0 });
});
