import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { intervalMs } from '../../durable-objects/src/gcra.ts';
import { policyOf } from '../../worker/src/platform/limits/policies.ts';
import { bundleApi } from '../platform/bundle.ts';
import { TOKEN } from './api.ts';
import { MortalPlatform } from './mortal-platform.ts';

/** Thirty grants at once, then one every two seconds: a process lives long enough to spend a whole burst. */
const FACTOR = 0.25;
const LIVES = 5;
const HAMMERS = 4;
/** Life after life a process is killed at another moment of its work, the earliest soon after the first answer. */
const lifeMs = (life: number) => 60 + life * 150;

const rate = policyOf('playback', FACTOR);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'melro-limits-'));
  await bundleApi();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Asks for grants of a track that does not exist: admitted is 404, refused 429. */
async function ask(url: string): Promise<number> {
  const response = await fetch(new URL('/api/v1/playback', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ trackId: 'trk_00000000000000000000000000' }),
  });
  await response.arrayBuffer();
  return response.status;
}

it('processes that are killed with SIGKILL while one key is hammered admit no more than its limit', async () => {
  const platform = new MortalPlatform(join(folder, 'data'), folder, 'http://127.0.0.1:1', FACTOR);
  const counts = { admitted: 0, refused: 0, unanswered: 0 };
  const lives: number[] = [];
  let firstMs = 0;
  let lastMs = 0;

  /** Hammers until the process is dead. */
  async function hammer(url: string): Promise<void> {
    for (;;) {
      firstMs ||= performance.now();
      const status = await ask(url).catch(() => null);
      lastMs = performance.now();
      if (status === null) {
        counts.unanswered++;
        return;
      }
      expect([404, 429]).toContain(status);
      counts[status === 404 ? 'admitted' : 'refused']++;
    }
  }

  try {
    for (let life = 0; life < LIVES; life++) {
      await platform.start();
      const before = counts.admitted;
      const hammers = Array.from({ length: HAMMERS }, () => hammer(platform.url));
      await sleep(lifeMs(life));
      platform.kill();
      await Promise.all(hammers);
      lives.push(counts.admitted - before);
    }
  } finally {
    platform.kill();
  }

  // Whoever was admitted without hearing of it only makes the bound easier to keep, so it is not counted.
  const bound = rate.burst + Math.floor((lastMs - firstMs) / intervalMs(rate)) + 1;
  const seen = JSON.stringify({ ...counts, lives, bound });
  expect(counts.admitted, seen).toBeLessThanOrEqual(bound);
  // It was hammered: the burst was spent, later lives refused most, and each was killed at work.
  expect(counts.admitted, seen).toBeGreaterThanOrEqual(rate.burst - HAMMERS * LIVES);
  expect(counts.refused, seen).toBeGreaterThan(rate.burst);
  expect(counts.unanswered, seen).toBe(HAMMERS * LIVES);
}, 120_000);
