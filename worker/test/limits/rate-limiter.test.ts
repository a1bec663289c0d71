import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { RateLimiter } from '@melro/durable-objects';
import { describe, expect, it } from 'vitest';

const RATE = { burst: 5, periodSeconds: 3600 };

function limiter(name: string): DurableObjectStub<RateLimiter> {
  const namespace = env.RATE_LIMITER as unknown as DurableObjectNamespace<RateLimiter>;
  return namespace.get(namespace.idFromName(name));
}

async function admitted(stub: DurableObjectStub<RateLimiter>, count: number): Promise<number> {
  const verdicts = await Promise.all(Array.from({ length: count }, () => stub.take(RATE)));
  return verdicts.filter(({ isAllowed }) => isAllowed).length;
}

/** What is in an object's storage, and when its alarm will ring. */
function keptBy(stub: DurableObjectStub<RateLimiter>) {
  return runInDurableObject(stub, async (_object, { storage }) => ({
    entries: [...storage.kv.list()].length,
    alarmMs: await storage.getAlarm(),
  }));
}

describe('the limiter of a key', () => {
  it('admits exactly the burst of 200 attempts at the same moment', async () => {
    expect(await admitted(limiter('parallel'), 200)).toBe(5);
  });

  it('knows nothing of other keys', async () => {
    expect(await admitted(limiter('one key'), 9)).toBe(5);
    expect(await admitted(limiter('another key'), 9)).toBe(5);
  });

  it('remembers when it is evicted from memory at any point', async () => {
    const stub = limiter('evicted');
    let all = 0;
    for (let round = 0; round < 12; round++) {
      all += await admitted(stub, 1);
      await evictDurableObject(stub);
    }
    expect(all).toBe(5);
  });

  it('starts afresh when it is forgiven, and leaves nothing behind', async () => {
    const stub = limiter('forgiven');
    await admitted(stub, 9);
    await stub.forgive();
    expect(await keptBy(stub)).toEqual({ entries: 0, alarmMs: null });
    expect(await admitted(stub, 9)).toBe(5);
  });

  it('sets its alarm once for a whole burst, for each setting is billed as a row', async () => {
    const stub = limiter('one alarm');
    await stub.take(RATE);
    const { alarmMs } = await keptBy(stub);
    expect(alarmMs).toBeGreaterThan(Date.now() + 700_000);
    await admitted(stub, 9);
    expect(await keptBy(stub)).toEqual({ entries: 1, alarmMs });
  });

  it('stays when its alarm rings too early, and waits for the rest', async () => {
    const stub = limiter('early alarm');
    await admitted(stub, 9);
    const { alarmMs } = await keptBy(stub);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const after = await keptBy(stub);
    expect(after.entries).toBe(1);
    expect(after.alarmMs).toBeGreaterThan(alarmMs ?? Number.NaN);
    expect(await admitted(stub, 9)).toBe(0);
  });

  it('deletes everything when its alarm rings and there is nothing left to count', async () => {
    const stub = limiter('drained');
    await stub.take({ burst: 5, periodSeconds: 1 });
    const { entries, alarmMs } = await keptBy(stub);
    expect(entries).toBe(1);
    // Not at once, for who comes back within the hour would pay for it with every visit.
    expect(alarmMs).toBeGreaterThan(Date.now() + 3_500_000);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await keptBy(stub)).toEqual({ entries: 0, alarmMs: null });
  });
});
