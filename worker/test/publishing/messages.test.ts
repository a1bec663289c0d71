import { describe, expect, it } from 'vitest';
import { tarOf, WHOLE_ANSWER } from '../support/crafted-answer.ts';
import { StagedTranscoder, wellBehaved } from '../support/crafted-transcoder.ts';
import { install } from '../support/installation.ts';
import { deliver } from '../support/queue-model.ts';
import { expectPublishedOnce, transcodeState } from '../support/state.ts';

describe('messages are only hints', () => {
  it('publishes once when one message is delivered ten times at once', async () => {
    const { bindings, upload, recover } = await install();
    const recording = await upload();
    const message = { transcodeId: recording.transcodeId };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => deliver(bindings, message)));
    expect(new Set(outcomes)).toEqual(new Set(['acked']));
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ attempt: 1, fault_count: 0 });
    await recover();
    await expectPublishedOnce(recording);
  });

  it('publishes once when a message comes again long after the track is ready', async () => {
    let jobs = 0;
    const answer = await wellBehaved();
    const { bindings, queue, upload, recover } = await install((...args) => {
      jobs++;
      return answer(...args);
    });
    const recording = await upload();
    await queue.drain(bindings);
    for (let i = 0; i < 3; i++) await deliver(bindings, { transcodeId: recording.transcodeId });
    expect(jobs).toBe(1);
    await recover();
    await expectPublishedOnce(recording);
  });

  it('publishes each of several tracks once when their messages are mixed up, doubled and partly lost', async () => {
    const { bindings, queue, upload, recover } = await install();
    const recordings = [await upload(), await upload(), await upload(), await upload()];
    const [lost, ...kept] = queue.messages;
    expect(lost).toBeDefined();
    queue.messages = [
      ...kept.toReversed(),
      ...kept.map((message) => ({ ...message, id: `${message.id}-again` })),
    ];
    await queue.drain(bindings);
    await recover();
    for (const recording of recordings) await expectPublishedOnce(recording);
  });

  it('publishes a track whose message was lost, because the sweep sends it again', async () => {
    const { bindings, queue, upload, sweepAfter } = await install();
    const recording = await upload();
    queue.lose();
    await sweepAfter(0);
    expect(queue.messages, 'a message may still be under way').toEqual([]);
    await sweepAfter(2);
    await queue.drain(bindings);
    await expectPublishedOnce(recording);
  });

  it('does not start a second job while one runs, however many messages and sweeps come', async () => {
    const staged = new StagedTranscoder([await tarOf(WHOLE_ANSWER)]);
    const { bindings, queue, upload, sweepAfter } = await install(staged.answer);
    const recording = await upload();
    const running = queue.drain(bindings);
    await staged.jobs(1);
    await deliver(bindings, { transcodeId: recording.transcodeId });
    await sweepAfter(0);
    await deliver(bindings, { transcodeId: recording.transcodeId });
    staged.release(0);
    await running;
    expect(staged.receivedHashes).toEqual([recording.sha256]);
    await expectPublishedOnce(recording);
  });

  it('ignores a message about a transcode that does not exist', async () => {
    const { bindings } = await install();
    expect(await deliver(bindings, { transcodeId: 'trc_00000000000000000000000000' })).toBe('acked');
  });
});
