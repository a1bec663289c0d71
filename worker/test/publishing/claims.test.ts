import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { hlsPrefix } from '../../src/platform/r2-keys.ts';
import { failedAnswer, inTwoPieces, tarOf, WHOLE_ANSWER } from '../support/crafted-answer.ts';
import { StagedTranscoder } from '../support/crafted-transcoder.ts';
import { install } from '../support/installation.ts';
import {
  eventually,
  expectPublishedOnce,
  keysUnder,
  type Recording,
  rowsOf,
  trackState,
  transcodeState,
} from '../support/state.ts';

async function twoStages() {
  const staged = new StagedTranscoder(await inTwoPieces());
  return { staged, ...(await install(staged.answer)) };
}

/** Lets the first job write its first piece, then another consumer takes over as after a lapsed claim. */
async function overtaken() {
  const { staged, bindings, queue, upload, sweepAfter, recover } = await twoStages();
  const recording = await upload();
  const loser = queue.drain(bindings);
  await staged.jobs(1);
  staged.release(0, 1);
  await eventually(async () => expect((await trackState(recording.trackId))?.preview_version).not.toBeNull());
  const loserVersion = (await trackState(recording.trackId))?.version;
  expect(loserVersion).toBeNull();
  // The claim lapses although its holder is alive, as when its heartbeats do not get through.
  await sweepAfter(2);
  const winner = queue.drain(bindings);
  await staged.jobs(2);
  return { staged, recording, loser, winner, recover };
}

async function attemptsOf({ transcodeId }: Recording): Promise<{ version: string; state: string }[]> {
  return rowsOf(
    'SELECT version, state FROM transcode_attempts WHERE transcode_id = ? ORDER BY started_at_ms, version',
    transcodeId,
  );
}

describe('a claim that is lost', () => {
  it('lets the loser publish nothing when it comes back before the winner is done', async () => {
    const { staged, recording, loser, winner, recover } = await overtaken();
    staged.release(0);
    await loser;
    expect(await trackState(recording.trackId)).toMatchObject({ version: null });
    staged.release(1);
    await winner;
    const [, second] = await attemptsOf(recording);
    expect(await trackState(recording.trackId)).toMatchObject({ state: 'ready', version: second?.version });
    await recover();
    await expectPublishedOnce(recording);
  });

  it('lets the loser change nothing when it comes back after the winner has published', async () => {
    const { staged, recording, loser, winner, recover } = await overtaken();
    staged.release(1);
    await winner;
    const published = (await trackState(recording.trackId))?.version;
    staged.release(0);
    await loser;
    expect((await trackState(recording.trackId))?.version).toBe(published);
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'done', fault_count: 1 });
    await recover();
    await expectPublishedOnce(recording);
  });

  it('stops the loser by its next heartbeat, without waiting for the transcoder', async () => {
    const { staged, recording, loser, winner } = await overtaken();
    await loser;
    staged.release(1);
    await winner;
    expect(await trackState(recording.trackId)).toMatchObject({ state: 'ready' });
  });

  it('takes the preview away from listeners together with the claim', async () => {
    const { staged, recording, winner } = await overtaken();
    expect(await trackState(recording.trackId)).toMatchObject({ preview_version: null });
    staged.release(1);
    await winner;
  });
});

it('a loser’s verdict on the file is not heard while the winner is at work', async () => {
  const fault = { code: 'corrupt', detail: 'It is damaged.' } as const;
  const answers = [await tarOf(failedAnswer(fault)), await tarOf(WHOLE_ANSWER)];
  const jobs: (() => void)[] = [];
  const { bindings, queue, upload, sweepAfter, recover } = await install(async () => {
    const answer = answers[jobs.length];
    await new Promise<void>((resolve) => jobs.push(resolve));
    return new Response(answer ?? null);
  });
  const begun = (count: number) => eventually(() => expect(jobs).toHaveLength(count));
  const recording = await upload();
  const loser = queue.drain(bindings);
  await begun(1);
  await sweepAfter(2);
  const winner = queue.drain(bindings);
  await begun(2);
  jobs[0]?.();
  await loser;
  expect(await trackState(recording.trackId)).toMatchObject({ state: 'transcoding' });
  expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'running', attempt: 2 });
  jobs[1]?.();
  await winner;
  await recover();
  await expectPublishedOnce(recording);
});

describe('a claim that is held', () => {
  it('keeps its objects from the sweep, however long it takes', async () => {
    const { staged, bindings, queue, upload, sweepAfter } = await twoStages();
    const recording = await upload();
    const running = queue.drain(bindings);
    await staged.jobs(1);
    staged.release(0, 1);
    await eventually(async () =>
      expect((await trackState(recording.trackId))?.preview_version).not.toBeNull(),
    );
    // Only the attempt is old; the claim is renewed as ever.
    await env.DB.prepare('UPDATE transcode_attempts SET started_at_ms = 0 WHERE transcode_id = ?')
      .bind(recording.transcodeId)
      .run();
    await sweepAfter(0);
    staged.release(0);
    await running;
    await expectPublishedOnce(recording);
  });

  it('is not published once the sweep has taken its objects', async () => {
    const { staged, bindings, queue, upload, recover } = await twoStages();
    const recording = await upload();
    const running = queue.drain(bindings);
    await staged.jobs(1);
    await env.DB.prepare('DELETE FROM transcode_attempts WHERE transcode_id = ?')
      .bind(recording.transcodeId)
      .run();
    staged.release(0);
    await running;
    expect(await trackState(recording.trackId)).toMatchObject({ version: null });
    const { version } = (await transcodeState(recording.transcodeId)) ?? {};
    staged.release(0);
    // What the forgotten attempt wrote is nobody's any more; here it is the test that cleans up.
    await env.MEDIA.delete(await keysUnder(hlsPrefix(recording.trackId, version ?? 'none')));
    const recovering = recover();
    await staged.jobs(2);
    staged.release(1);
    await recovering;
    await expectPublishedOnce(recording);
  });

  it('does not shield the objects of an earlier attempt from the sweep', async () => {
    const { staged, recording, loser, winner } = await overtaken();
    await loser;
    const [first] = await attemptsOf(recording);
    const prefix = hlsPrefix(recording.trackId, first?.version ?? 'none');
    expect(await keysUnder(prefix)).not.toEqual([]);
    await env.DB.prepare('UPDATE transcode_attempts SET started_at_ms = 0 WHERE version = ?')
      .bind(first?.version)
      .run();
    const { sweepAfter } = await install();
    await sweepAfter(0);
    expect(await keysUnder(prefix)).toEqual([]);
    expect(await attemptsOf(recording)).toHaveLength(1);
    staged.release(1);
    await winner;
    await expectPublishedOnce(recording);
  });
});

it('is claimed by exactly one of many consumers that read the row at the same time', async () => {
  const { bindings, queue, upload } = await install();
  const recording = await upload();
  const [message] = queue.messages;
  expect(message).toBeDefined();
  queue.messages = Array.from({ length: 8 }, (_, i) => ({
    id: `copy-${i}`,
    body: message?.body,
    attempts: 0,
  }));
  await Promise.all(Array.from({ length: 8 }, () => queue.drain(bindings)));
  expect(await attemptsOf(recording)).toHaveLength(1);
  await expectPublishedOnce(recording);
});
