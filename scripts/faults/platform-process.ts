/** Runs the platform in a process of its own, for the campaign to kill; answers questions over IPC. */
import { createHash } from 'node:crypto';
import { API_WORKER, startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys, operatorEntry } from '../start/data-folder.ts';
import type { Ask, Snapshot, Told } from './platform-questions.ts';

const [, , dataDir = '', transcoderUrl = '', rateLimitFactor = '1', token = ''] = process.argv;
const tell = (told: Told) => process.send?.(told);

const platform = await startPlatform({
  dataDir,
  port: 0,
  transcoderUrl,
  mediaKeys: newMediaKeys(),
  authSecrets: newAuthSecrets(),
  accessTokens: JSON.stringify([operatorEntry(token)]),
  environment: 'development',
  logLevel: 'silent',
  rateLimitFactor: Number(rateLimitFactor),
});

async function sweepAt(aheadMs: number): Promise<void> {
  const worker = await platform.miniflare.getWorker(API_WORKER);
  await worker.scheduled({ scheduledTime: new Date(Date.now() + aheadMs), cron: '* * * * *' });
}

async function snapshot(): Promise<Snapshot> {
  const db = await platform.miniflare.getD1Database('DB', API_WORKER);
  const bucket = await platform.miniflare.getR2Bucket('MEDIA', API_WORKER);
  const all = async <T>(sql: string) => (await db.prepare(sql).all<T>()).results;
  const objects: Snapshot['objects'] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list(cursor === undefined ? {} : { cursor });
    objects.push(...page.objects.map(({ key, size, etag }) => ({ key, size, etag })));
    if (!page.truncated) break;
    cursor = page.cursor;
  }
  const originals: Snapshot['originals'] = {};
  for (const { key } of objects.filter((object) => object.key.startsWith('originals/'))) {
    const original = await bucket.get(key);
    if (original === null) continue;
    originals[key] = createHash('sha256')
      .update(Buffer.from(await original.arrayBuffer()))
      .digest('hex');
  }
  return {
    tracks: await all('SELECT id, state, version, preview_version AS previewVersion FROM tracks'),
    transcodes: await all(
      'SELECT id, track_id AS trackId, state, attempt, fault_count AS faultCount, last_fault AS lastFault, version FROM transcodes',
    ),
    attempts: await all('SELECT version, track_id AS trackId, state FROM transcode_attempts'),
    letters: (await all<{ id: string }>('SELECT id FROM dead_letters')).length,
    objects,
    originals,
  };
}

process.on('message', async ({ id, ask, aheadMs = 0 }: Ask) => {
  try {
    if (ask === 'sweep') await sweepAt(aheadMs);
    tell({ id, answer: ask === 'snapshot' ? await snapshot() : null });
  } catch (error) {
    tell({ id, problem: String(error) });
  }
});
// Whoever started this process is gone, so nobody needs it.
process.on('disconnect', () => void platform.stop().finally(() => process.exit(0)));
tell({ id: 0, answer: platform.url.href });
