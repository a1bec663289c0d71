import { describe, expect, it } from 'vitest';
import { bindingsWith } from '../support/api.ts';
import { type Fault, FaultyWorld } from '../support/failing-bindings.ts';
import { install, sweepIn } from '../support/installation.ts';
import { deliver } from '../support/queue-model.ts';
import { expectOriginalIntact, expectPublishedOnce } from '../support/state.ts';

/** Runs one transcode in which the world breaks at one write; returns what broke, null when nothing did. */
async function transcodeIn(fault: Fault): Promise<string | null> {
  const { bindings, queue, upload, recover } = await install();
  const recording = await upload();
  const world = new FaultyWorld(fault);
  queue.lose();
  await deliver(world.around(bindings), { transcodeId: recording.transcodeId });
  await expectOriginalIntact(recording);
  await recover();
  await expectPublishedOnce(recording);
  return world.broken;
}

describe('a consumer that breaks at any write publishes exactly once in the end', () => {
  // A claim, 12 objects, a heartbeat and the publication; some heartbeats more on a slow machine.
  it.each(['dies before', 'dies after', 'refuses', 'loses answer'] as const)(
    'when it %s, whichever write it is',
    async (kind) => {
      const broken: string[] = [];
      for (let at = 1, target: string | null = ''; target !== null; at++) {
        target = await transcodeIn({ at, kind });
        if (target !== null) broken.push(target);
      }
      expect(broken.filter((target) => target === 'r2.put')).toHaveLength(12);
      expect(broken.filter((target) => target === 'db.batch').length).toBeGreaterThanOrEqual(3);
    },
    60_000,
  );

  it('when two faults in a row hit it at different writes', async () => {
    for (const [first, second] of [
      [3, 14],
      [15, 2],
      [8, 8],
    ] as const) {
      const { bindings, queue, upload, recover, sweepAfter } = await install();
      const recording = await upload();
      queue.lose();
      const message = { transcodeId: recording.transcodeId };
      await deliver(new FaultyWorld({ at: first, kind: 'dies after' }).around(bindings), message);
      await sweepAfter(2);
      queue.lose();
      await deliver(new FaultyWorld({ at: second, kind: 'dies before' }).around(bindings), message);
      await recover();
      await expectPublishedOnce(recording);
    }
  });

  it('when it cannot even read the database, the message stays in the queue', async () => {
    const { bindings, queue, upload, recover } = await install();
    const recording = await upload();
    queue.lose();
    const broken = bindingsWith({
      ...bindings,
      DB: {
        prepare: () => {
          throw new Error('no database');
        },
      } as never,
    });
    expect(await deliver(broken, { transcodeId: recording.transcodeId })).toBe('retried');
    await recover();
    await expectPublishedOnce(recording);
  });
});

describe('a sweep that breaks at any write', () => {
  it.each(['dies before', 'refuses', 'loses answer'] as const)(
    'that %s leaves to the next sweep what it did not do',
    async (kind) => {
      for (let at = 1, went = true; went; at++) {
        const { bindings, queue, upload, recover } = await install();
        const recording = await upload();
        queue.lose();
        // An attempt that left objects and a lapsed claim behind: everything there is to sweep.
        const dying = new FaultyWorld({ at: 10, kind: 'dies after' });
        await deliver(dying.around(bindings), { transcodeId: recording.transcodeId });
        const world = new FaultyWorld({ at, kind });
        await sweepIn(world.around(bindings), 30).catch(() => undefined);
        went = world.writes >= at;
        await recover();
        await expectPublishedOnce(recording);
      }
    },
    60_000,
  );
});
