import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../src/services.ts';
import { PRODUCTION } from '../support/api.ts';
import { sampleMail } from '../support/mail-samples.ts';
import { mailing, mailState } from '../support/mailing.ts';
import { rowsOf } from '../support/state.ts';

async function countFor(address: string): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    'SELECT count(*) AS n FROM mail_messages WHERE recipient = ?',
    address,
  );
  return row?.n ?? -1;
}

describe('a message', () => {
  it('reaches the provider with its words, and may not be tracked', async () => {
    const { write, deliverAll, received } = mailing();
    const mailId = await write(sampleMail('verify_email', { locale: 'ru' }));
    await deliverAll();
    const [mail, ...more] = await received();
    expect(more).toEqual([]);
    expect(mail?.fields).toEqual({
      from: 'Melro <no-reply@music.example>',
      to: 'ann@music.example',
      subject: 'Подтвердите адрес электронной почты',
      text: expect.stringContaining('https://music.example/verify-email?token='),
      html: expect.stringContaining('<html lang="ru">'),
      'h:Message-Id': `<${mailId}@music.example>`,
      'h:Auto-Submitted': 'auto-generated',
      'h:Content-Language': 'ru',
      'o:tracking': 'no',
    });
    expect(mail?.headers['idempotency-key']).toBe(mailId);
  });

  it('leaves it to the operator’s provider to record opens only where MAIL_TRACKING is on', async () => {
    const { write, deliverAll, received } = mailing({ MAIL_TRACKING: 'on' });
    await write();
    await deliverAll();
    const [mail] = await received();
    expect(Object.keys(mail?.fields ?? {}).filter((name) => name.startsWith('o:'))).toEqual([]);
  });

  it('leaves no trace of its words, its link and its address once it has left', async () => {
    const { write, deliverAll, bindings } = mailing();
    const mailId = await write();
    await deliverAll();
    const [row] = await rowsOf<Record<string, unknown>>('SELECT * FROM mail_messages WHERE id = ?', mailId);
    expect(row).toMatchObject({
      state: 'sent',
      template: 'reset_password',
      provider_id: '<1.provider@example>',
    });
    expect(JSON.stringify(row)).not.toMatch(/tok_|ann@|reset-password\?|Choose/);
    expect(bindings.ENVIRONMENT).toBe('production');
  });

  it('goes out through Cloudflare’s binding where the operator chose it', async () => {
    const { write, deliverAll } = mailing({ MAIL_TRANSPORT: 'cloudflare' });
    const mailId = await write();
    await deliverAll();
    expect(await mailState(mailId)).toMatchObject({ state: 'sent', fault_count: 0, recipient: null });
  });

  it('leads to PUBLIC_ORIGIN and to no other place', async () => {
    const { write } = mailing({ PUBLIC_ORIGIN: 'https://elsewhere.example' });
    const { text_body } = await mailState(await write());
    expect(text_body?.match(/https?:\/\/[^\s/]+/g)).toEqual([
      'https://elsewhere.example',
      'https://elsewhere.example',
    ]);
  });
});

describe('an address that could become more than one is refused before anything is written', () => {
  it.each([
    'ann@music.example\r\nBcc: everybody@elsewhere.example',
    'ann@music.example\nSubject: other',
    'ann@music.example, everybody@elsewhere.example',
    'ann@music.example;everybody@elsewhere.example',
    'Ann <ann@music.example>',
    '"ann@elsewhere.example"@music.example',
    'ann@music.example\u0000',
    'ann@music.example%0ABcc:x',
    ' ann@music.example',
    `${'a'.repeat(250)}@music.example`,
    'ann',
    '',
  ])('%j', async (to) => {
    const { bindings, hints } = mailing();
    await expect(servicesOf(bindings).sendMail(sampleMail('reset_password', { to }))).rejects.toThrow();
    expect(hints).toEqual([]);
    expect(await countFor(to)).toBe(0);
  });
});

describe('an idempotency key', () => {
  it('makes one message of many calls, also at once', async () => {
    const { write, deliverAll, received, hints } = mailing();
    const request = sampleMail('password_changed', { idempotencyKey: `change-${crypto.randomUUID()}` });
    const ids = await Promise.all(Array.from({ length: 10 }, () => write(request)));
    expect(new Set(ids).size).toBe(1);
    expect(hints).toHaveLength(1);
    await deliverAll();
    expect(await write(request), 'also when it has left long ago').toBe(ids[0]);
    await deliverAll();
    expect(await received()).toHaveLength(1);
  });

  it('is one template’s own, and is not stored as it is', async () => {
    const { write } = mailing();
    const idempotencyKey = `secret-${crypto.randomUUID()}`;
    const one = await write(sampleMail('password_changed', { idempotencyKey }));
    expect(await write(sampleMail('new_sign_in', { idempotencyKey }))).not.toBe(one);
    const rows = await rowsOf('SELECT * FROM mail_messages WHERE id = ?', one);
    expect(JSON.stringify(rows)).not.toContain(idempotencyKey);
  });

  it('is not needed: without one every call is a message', async () => {
    const { write } = mailing();
    expect(await write()).not.toBe(await write());
  });
});

it('an installation in production that would keep its mail to itself does not start', () => {
  const { bindings } = mailing({ ...PRODUCTION, MAIL_TRANSPORT: 'outbox' });
  expect(() => servicesOf(bindings)).toThrow('MAIL_TRANSPORT must not be "outbox" in production');
});
