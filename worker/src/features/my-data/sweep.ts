import { logError } from '../../platform/log.ts';
import { exportPrefix } from '../../platform/r2-keys.ts';
import { deletePrefix } from '../../platform/r2-objects.ts';
import { type EraseDeps, sweepPeople } from './erase.ts';
import { EXPORT_KEPT_MS, LOST_MESSAGE_MS, MAX_FAULTS, SWEEP_LIMIT } from './policy.ts';
import { takeBack } from './run-export.ts';
import { archivesOf, type ExportStore } from './store.ts';

const SILENT = 'the consumer went silent';

/** What a sweep needs. */
export interface MyDataSweepDeps extends EraseDeps {
  store: ExportStore;
  media: R2Bucket;
  sendHint(exportId: string, delaySeconds: number): Promise<void>;
}

/** What one sweep did. */
export interface MyDataSweep {
  lapsedExports: number;
  lostExportMessages: number;
  removedExports: number;
  erasedAccounts: number;
}

/** Puts right what crashes leave behind, and removes copies and people whose time has come. */
export async function sweepMyData(deps: MyDataSweepDeps, nowMs: number): Promise<MyDataSweep> {
  return {
    lapsedExports: await requeueLapsed(deps, nowMs),
    lostExportMessages: await resendLost(deps, nowMs),
    removedExports: await removeExpired(deps, nowMs),
    erasedAccounts: await sweepPeople(deps, nowMs),
  };
}

async function requeueLapsed({ store, sendHint }: MyDataSweepDeps, nowMs: number): Promise<number> {
  let count = 0;
  for (const row of await store.lapsed(nowMs, SWEEP_LIMIT)) {
    const { id: exportId, userId, attempt, faultCount, cursor, createdAtMs } = row;
    const claim = { exportId, userId, attempt, faultCount, cursor, createdAtMs, archives: archivesOf(row) };
    // Data that takes every consumer down with it must not do so for ever.
    if (faultCount + 1 >= MAX_FAULTS) {
      if (!(await store.fail(claim, SILENT, nowMs, nowMs + EXPORT_KEPT_MS))) continue;
      logError('export failed', SILENT, { exportId, attempt });
    } else {
      if (!(await store.release(claim, SILENT, nowMs))) continue;
      await sendHint(exportId, 0);
    }
    count++;
  }
  return count;
}

async function resendLost({ store, sendHint }: MyDataSweepDeps, nowMs: number): Promise<number> {
  const rows = await store.forgotten(nowMs - LOST_MESSAGE_MS, SWEEP_LIMIT);
  for (const { id } of rows) {
    await sendHint(id, 0);
    await store.touch(id, nowMs);
  }
  return rows.length;
}

async function removeExpired({ store, media }: MyDataSweepDeps, nowMs: number): Promise<number> {
  const rows = await store.expired(nowMs, SWEEP_LIMIT);
  for (const row of rows) {
    await takeBack(media, row);
    await deletePrefix(media, exportPrefix(row.userId, row.id));
    await store.forget(row.id);
  }
  return rows.length;
}
