import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_FAULTS } from '../../src/features/mail/policy.ts';
import { sweepMail } from '../../src/features/mail/sweep.ts';
import { servicesOf } from '../../src/services.ts';
import { bindingsWith, type Problem, read } from '../support/api.ts';
import { FaultyWorld } from '../support/failing-bindings.ts';
import { sampleMail } from '../support/mail-samples.ts';
import { mailing, mailState, passTime } from '../support/mailing.ts';
import { deliver } from '../support/queue-model.ts';
import { rowsOf } from '../support/state.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('hints are only hints', () => {
  it('a message is sent once when its hint is delivered ten times at once', async () => {
    const { write, hint, received } = mailing();
    const mailId = await write();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => hint(mailId)));
    expect(new Set(outcomes)).toEqual(new Set(['acked']));
    expect(await received()).toHaveLength(1);
    expect(await mailState(mailId)).toMatchObject({ state: 'sent', attempt: 1 });
  });

  it('a message is sent once when its hint comes again later', async () => {
    const { write, hint, received } = mailing();
    const mailId = await write();
    for (let i = 0; i < 3; i++) expect(await hint(mailId)).toBe('acked');
    expect(await received()).toHaveLength(1);
  });

  it('a lost hint is sent again by the sweep, and not while it may still be under way', async () => {
    const { write, hints, sweep, deliverAll, received } = mailing();
    await write();
    hints.splice(0);
    await sweep();
    expect(hints).toEqual([]);
    passTime(61);
    await sweep();
    expect(hints).toHaveLength(1);
    await sweep();
    expect(hints, 'the sweep a moment later adds none').toHaveLength(1);
    await deliverAll();
    expect(await received()).toHaveLength(1);
  });

  it('a message is accepted while the queue is down, and goes out when it is back', async () => {
    const { write, breakQueue, sweep, deliverAll, received } = mailing();
    breakQueue(true);
    await write();
    breakQueue(false);
    passTime(61);
    await sweep();
    await deliverAll();
    expect(await received()).toHaveLength(1);
  });

  it('a hint of a message that is not there is done with; one that cannot be read is left to the queue', async () => {
    const { bindings, hint, api } = mailing();
    expect(await hint('eml_00000000000000000000000000')).toBe('acked');
    const body = { nonsense: crypto.randomUUID() };
    expect(await deliver(bindings, body, { queue: 'melro-mail' })).toBe('retried');
    await deliver(bindings, body, { queue: 'melro-mail-dead', id: `dead-${body.nonsense}` });
    const letters = await read<{ items: { body: string }[] }>(
      await api('/api/v1/operator/dead-letters?limit=100', { as: 'olga' }),
    );
    expect(letters.items.map((letter) => letter.body)).toContain(JSON.stringify(body));
  });
});

describe('a provider that is out of order', () => {
  it('is asked again after waits that grow, and a doubled hint does not hasten it', async () => {
    const { write, script, hint, hints, deliverAll, received } = mailing();
    await script({ status: 503 }, { status: 500 }, { status: 502 });
    const mailId = await write();
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      await deliverAll();
      const wait = hints[0]?.delaySeconds ?? -1;
      waits.push(wait);
      await hint(mailId);
      expect(await mailState(mailId)).toMatchObject({ state: 'queued', attempt: i + 1 });
      passTime(wait);
    }
    expect(waits).toEqual([10, 20, 40]);
    await deliverAll();
    expect(await received()).toHaveLength(1);
    expect(await mailState(mailId)).toMatchObject({ state: 'sent', attempt: 4, recipient: null });
  });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
  ])('is left alone for as long as it asks for, in %s', async (_form, header) => {
    const { write, script, hints, hint, deliverAll, received } = mailing();
    await script({ status: 429, headers: { 'retry-after': header() } });
    const mailId = await write();
    await deliverAll();
    expect(hints[0]?.delaySeconds).toBeGreaterThanOrEqual(118);
    expect(hints[0]?.delaySeconds).toBeLessThanOrEqual(120);
    passTime(60);
    await hint(mailId);
    expect(await received()).toEqual([]);
    passTime(62);
    await hint(mailId);
    expect(await received()).toHaveLength(1);
  });

  it('that does not know our key is asked again, so that mending the key is enough', async () => {
    const { write, deliverAll, hint, bindings, received } = mailing();
    const mailId = await write();
    await deliverAll(bindingsWith({ ...bindings, MAIL_HTTP_KEY: 'another-key' }));
    expect(await mailState(mailId)).toMatchObject({
      state: 'queued',
      last_fault: 'the provider answered 401 Forbidden',
    });
    passTime(10);
    await hint(mailId);
    expect(await received()).toHaveLength(1);
  });

  it('is given up on after a while, and the operator sees it without words and addresses', async () => {
    const { write, script, hint, deliverAll, hints, received, api } = mailing();
    await script(
      ...Array.from({ length: MAX_FAULTS }, () => ({
        status: 503,
        body: '{"message":"no ann@music.example"}',
      })),
    );
    const mailId = await write(sampleMail('account_deleted'));
    for (let i = 0; i < MAX_FAULTS; i++) {
      await deliverAll();
      passTime(hints[0]?.delaySeconds ?? 0);
    }
    expect(hints).toEqual([]);
    await hint(mailId);
    expect(await received()).toEqual([]);
    const answer = await api('/api/v1/operator/mail/failed?limit=1', { as: 'olga' });
    const { items } = await read<{ items: unknown[] }>(answer);
    expect(items).toEqual([
      {
        mailId,
        template: 'account_deleted',
        attempts: MAX_FAULTS,
        reason: 'the provider answered 503 no [address]',
        createdAt: expect.any(String),
        failedAt: expect.any(String),
      },
    ]);
    expect(await mailState(mailId)).toMatchObject({ recipient: null, text_body: null });
  });

  it('is not followed to another address, where our key has no business', async () => {
    const other = mailing();
    const { write, script, deliverAll } = mailing();
    await script({ status: 307, headers: { location: other.bindings.MAIL_HTTP_URL ?? '' } });
    const mailId = await write();
    await deliverAll();
    expect(await other.received()).toEqual([]);
    expect(await mailState(mailId)).toMatchObject({ state: 'queued', fault_count: 1 });
  });
});

describe('a message that the provider refuses', () => {
  it.each([400, 413, 422])('with %i fails at once', async (status) => {
    const { write, script, hints, deliverAll, received } = mailing();
    await script({ status, body: JSON.stringify({ message: "'to' parameter is not a valid address" }) });
    const mailId = await write();
    await deliverAll();
    expect(hints).toEqual([]);
    expect(await received()).toEqual([]);
    expect(await mailState(mailId)).toMatchObject({
      state: 'failed',
      attempt: 1,
      recipient: null,
      text_body: null,
    });
  });

  it('is told to the log as an error, without what it said', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { write, script, deliverAll } = mailing();
    await script({ status: 400, body: JSON.stringify({ message: 'no ann@music.example here' }) });
    const mailId = await write();
    await deliverAll();
    const lines = logged.mock.calls.map(([line]) => String(line)).join('\n');
    expect(lines).toContain(mailId);
    expect(lines).toContain('the provider answered 400 no [address] here');
    expect(lines).not.toMatch(/ann@|tok_/);
  });
});

describe('crashes', () => {
  it('before the provider was asked: the claim lapses, and the message goes out', async () => {
    const { write, hints, hint, sweep, deliverAll, received, bindings } = mailing();
    const mailId = await write();
    hints.splice(0);
    const world = new FaultyWorld({ at: 1, kind: 'dies after' });
    await hint(mailId, world.around(bindings)).catch(() => 'died');
    expect(await mailState(mailId)).toMatchObject({ state: 'sending', attempt: 1 });
    await hint(mailId);
    expect(await received(), 'somebody may still be at it').toEqual([]);
    passTime(61);
    await sweep();
    await deliverAll();
    expect(await received()).toHaveLength(1);
    expect(await mailState(mailId)).toMatchObject({ state: 'sent', attempt: 2, fault_count: 1 });
  });

  it.each(['refuses', 'loses answer'] as const)(
    'of the database once it has left (%s) do not send it twice',
    async (kind) => {
      const { write, hint, sweep, deliverAll, received, bindings } = mailing();
      const mailId = await write();
      const world = new FaultyWorld({ at: 2, kind });
      await hint(mailId, world.around(bindings));
      expect(world.broken).toBe('db.run');
      passTime(120);
      await sweep();
      await deliverAll();
      expect(await received()).toHaveLength(1);
      expect(await mailState(mailId)).toMatchObject({ state: 'sent', attempt: 1 });
    },
  );

  it('between the provider’s yes and its arrival send it twice under one name, which is known and documented', async () => {
    const { write, script, hint, deliverAll, received } = mailing();
    await script({ status: 200, breaks: true });
    const mailId = await write();
    await deliverAll();
    expect(await mailState(mailId)).toMatchObject({ state: 'queued', fault_count: 1 });
    passTime(10);
    await hint(mailId);
    const names = (await received()).map(({ fields, headers }) => [
      fields['h:Message-Id'],
      headers['idempotency-key'],
    ]);
    expect(names).toHaveLength(2);
    expect(new Set(names.map(String)).size).toBe(1);
  });

  it('that a message brings about every time end with the message, not with the installation', async () => {
    const { write, hint, sweep, bindings } = mailing();
    const mailId = await write();
    for (let i = 0; i < MAX_FAULTS; i++) {
      const world = new FaultyWorld({ at: 1, kind: 'dies after' });
      await hint(mailId, world.around(bindings)).catch(() => 'died');
      passTime(61);
      await sweep();
    }
    expect(await mailState(mailId)).toMatchObject({
      state: 'failed',
      last_fault: 'the consumer went silent',
    });
  });
});

describe('time', () => {
  it('makes a code useless: it is not sent after ten minutes', async () => {
    const { write, deliverAll, received } = mailing();
    const mailId = await write(sampleMail('email_code'));
    passTime(601);
    await deliverAll();
    expect(await received()).toEqual([]);
    expect(await mailState(mailId)).toMatchObject({ state: 'failed', text_body: null });
  });

  it('removes what is left of messages after 30 days, and not before', async () => {
    const { write, deliverAll, bindings } = mailing();
    const mailId = await write();
    await deliverAll();
    const { mail } = servicesOf(bindings);
    const dayMs = 24 * 3600 * 1000;
    await sweepMail(mail, Date.now() + 29 * dayMs);
    expect(await mailState(mailId)).toMatchObject({ state: 'sent' });
    // Other tests' rows are as old; a sweep removes a bounded number.
    for (let i = 0; i < 10; i++) await sweepMail(mail, Date.now() + 31 * dayMs);
    expect(await rowsOf('SELECT id FROM mail_messages WHERE id = ?', mailId)).toEqual([]);
  });
});

it('what failed is for operators alone', async () => {
  const { api } = mailing();
  const path = '/api/v1/operator/mail/failed';
  expect(await read<Problem>(await api(path, { as: 'alice' }))).toMatchObject({ status: 403 });
  expect(await read<Problem>(await api(path))).toMatchObject({ status: 401 });
});
