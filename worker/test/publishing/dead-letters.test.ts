import { describe, expect, it } from 'vitest';
import { MAX_FAULTS } from '../../src/features/transcodes/policy.ts';
import { type Problem, read } from '../support/api.ts';
import { failedAnswer, tarOf, WHOLE_ANSWER } from '../support/crafted-answer.ts';
import { type Answering, replaying, wellBehaved } from '../support/crafted-transcoder.ts';
import { FaultyWorld } from '../support/failing-bindings.ts';
import { type Installation, install } from '../support/installation.ts';
import { deliver } from '../support/queue-model.ts';
import {
  expectOriginalIntact,
  expectPublishedOnce,
  keysUnder,
  rowsOf,
  trackState,
  transcodeState,
} from '../support/state.ts';

interface Letter {
  deadLetterId: string;
  transcodeId: string | null;
  reason: string;
  body: string;
}

async function openLetters({ api }: Installation): Promise<Letter[]> {
  const answer = await api('/api/v1/operator/dead-letters?limit=100', { as: 'olga' });
  return (await read<{ items: Letter[] }>(answer)).items;
}

const broken: Answering = () => new Response('out of order', { status: 500 });

/** An installation whose transcoder is broken until it is repaired, with one track given up. */
async function givenUp() {
  let answer = broken;
  const melro = await install((...args) => answer(...args));
  const recording = await melro.upload();
  await melro.queue.drain(melro.bindings);
  return {
    ...melro,
    recording,
    repair: (repaired: Answering) => {
      answer = repaired;
    },
  };
}

async function letterOf(melro: Installation, transcodeId: string): Promise<Letter | undefined> {
  return (await openLetters(melro)).find((letter) => letter.transcodeId === transcodeId);
}

describe('a transcode that fails through no fault of the file', () => {
  it('is tried MAX_FAULTS times, then given up with a letter, and the original stays', async () => {
    const melro = await givenUp();
    const { recording } = melro;
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'dead', attempt: MAX_FAULTS });
    expect(await letterOf(melro, recording.transcodeId)).toMatchObject({
      reason: 'the transcoder answered 500',
    });
    const track = await read<{ state: string; failure: { code: string } }>(
      await melro.api(`/api/v1/tracks/${recording.trackId}`, { as: 'alice' }),
    );
    expect(track).toMatchObject({ state: 'failed', failure: { code: 'transcoder_unavailable' } });
    await expectOriginalIntact(recording);
  });

  it('is brought to ready by a retry, which gives it all its attempts again', async () => {
    const melro = await givenUp();
    const { api, recording, repair, queue, bindings, recover } = melro;
    const letter = await letterOf(melro, recording.transcodeId);
    const path = `/api/v1/operator/dead-letters/${letter?.deadLetterId}/retry`;
    const answers = await Promise.all([
      api(path, { method: 'POST', as: 'olga' }),
      api(path, { method: 'POST', as: 'olga' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 404]);
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'queued', fault_count: 0 });
    expect(await trackState(recording.trackId)).toMatchObject({ state: 'queued' });
    repair(await wellBehaved());
    await queue.drain(bindings);
    expect(await letterOf(melro, recording.transcodeId)).toBeUndefined();
    await recover();
    await expectPublishedOnce(recording);
  });

  it('gets a second letter when the retry is given up too', async () => {
    const melro = await givenUp();
    const { api, recording, queue, bindings } = melro;
    const first = await letterOf(melro, recording.transcodeId);
    await api(`/api/v1/operator/dead-letters/${first?.deadLetterId}/retry`, { method: 'POST', as: 'olga' });
    await queue.drain(bindings);
    const second = await letterOf(melro, recording.transcodeId);
    expect(second).toBeDefined();
    expect(second?.deadLetterId).not.toBe(first?.deadLetterId);
  });

  it('is no longer listed once its letter is dropped, and stays dead', async () => {
    const melro = await givenUp();
    const { api, recording } = melro;
    const letter = await letterOf(melro, recording.transcodeId);
    const path = `/api/v1/operator/dead-letters/${letter?.deadLetterId}`;
    expect((await api(path, { method: 'DELETE', as: 'olga' })).status).toBe(204);
    expect((await api(path, { method: 'DELETE', as: 'olga' })).status).toBe(404);
    expect((await api(`${path}/retry`, { method: 'POST', as: 'olga' })).status).toBe(404);
    expect(await letterOf(melro, recording.transcodeId)).toBeUndefined();
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'dead' });
  });

  it('is given up by the sweep when every one of its consumers goes silent', async () => {
    const { queue, upload, sweepAfter, ...melro } = await install();
    const recording = await upload();
    for (let i = 0; i < MAX_FAULTS; i++) {
      queue.lose();
      // A consumer that claims and is never heard of again.
      const dying = new FaultyWorld({ at: 1, kind: 'dies after' }).around(melro.bindings);
      await deliver(dying, { transcodeId: recording.transcodeId });
      await sweepAfter(2 + i);
    }
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'dead' });
    expect(await letterOf({ queue, upload, sweepAfter, ...melro }, recording.transcodeId)).toMatchObject({
      reason: 'the consumer went silent',
    });
  });
});

describe('faults that are not counted as one', () => {
  it('a busy transcoder is asked again as often as it takes', async () => {
    const good = await wellBehaved();
    let refusals = 0;
    const { bindings, queue, upload, recover } = await install((...args) =>
      refusals++ < MAX_FAULTS * 3
        ? new Response(null, { status: 503, headers: { 'retry-after': '7' } })
        : good(...args),
    );
    const recording = await upload();
    await queue.drain(bindings);
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'done', fault_count: 0 });
    await recover();
    await expectPublishedOnce(recording);
  });

  it('a fault of the file ends it at once, with the sentence of the transcoder and no letter', async () => {
    const failure = { code: 'truncated', detail: 'The end of the file is missing.' } as const;
    const melro = await install(
      replaying(await tarOf([...WHOLE_ANSWER.slice(0, 6), ...failedAnswer(failure)])),
    );
    const recording = await melro.upload();
    await melro.queue.drain(melro.bindings);
    const track = await read<{ state: string; failure: unknown }>(
      await melro.api(`/api/v1/tracks/${recording.trackId}`, { as: 'alice' }),
    );
    expect(track).toMatchObject({ state: 'failed', failure });
    expect(await transcodeState(recording.transcodeId)).toMatchObject({ state: 'failed', attempt: 1 });
    expect(await letterOf(melro, recording.transcodeId)).toBeUndefined();
    await melro.recover();
    expect(await keysUnder(`hls/${recording.trackId}/`), 'what was written is swept').toEqual([]);
    expect(
      await rowsOf('SELECT 1 FROM transcode_attempts WHERE transcode_id = ?', recording.transcodeId),
    ).toEqual([]);
    await expectOriginalIntact(recording);
  });
});

describe('a message that cannot be read', () => {
  it('goes to the dead letters after its retries, is listed once and can only be dropped', async () => {
    const melro = await install();
    const id = crypto.randomUUID();
    melro.queue.messages.push({ id, body: { transcode: 'misspelt' }, attempts: 0 });
    await melro.queue.drain(melro.bindings);
    await deliver(melro.bindings, { transcode: 'misspelt' }, { id, queue: 'melro-transcodes-dead' });
    const letters = (await openLetters(melro)).filter(({ deadLetterId }) => deadLetterId === id);
    expect(letters).toMatchObject([{ transcodeId: null, body: '{"transcode":"misspelt"}' }]);
    const retried = await melro.api(`/api/v1/operator/dead-letters/${id}/retry`, {
      method: 'POST',
      as: 'olga',
    });
    expect(await read<Problem>(retried)).toMatchObject({ status: 404, code: 'not_found' });
    const dropped = await melro.api(`/api/v1/operator/dead-letters/${id}`, { method: 'DELETE', as: 'olga' });
    expect(dropped.status).toBe(204);
  });

  it('lists letters in pages, newest id first, without repeating or missing one', async () => {
    const melro = await install();
    for (let i = 0; i < 5; i++) {
      await deliver(melro.bindings, { page: i }, { id: `zz-page-${i}`, queue: 'melro-transcodes-dead' });
    }
    const seen: string[] = [];
    for (let cursor: string | null = 'zz-page-9'; cursor !== null; ) {
      const answer = await melro.api(`/api/v1/operator/dead-letters?limit=2&cursor=${cursor}`, {
        as: 'olga',
      });
      const page: { items: Letter[]; nextCursor: string | null } = await read(answer);
      seen.push(...page.items.map(({ deadLetterId }) => deadLetterId));
      cursor = page.nextCursor;
    }
    expect(seen.filter((id) => id.startsWith('zz-page-'))).toEqual(
      [4, 3, 2, 1, 0].map((i) => `zz-page-${i}`),
    );
    expect(new Set(seen).size).toBe(seen.length);
  });
});
