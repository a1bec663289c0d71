import { describe, expect, it } from 'vitest';
import { apiWith, bindingsWith, PRODUCTION, type Problem, read } from '../support/api.ts';
import { sampleMail } from '../support/mail-samples.ts';
import { mailing } from '../support/mailing.ts';

const DEVELOPMENT = { ENVIRONMENT: 'development', MAIL_TRANSPORT: 'outbox' };
const LIST = '/api/v1/dev/outbox';

interface Item {
  mailId: string;
  subject: string;
  state: string;
  to: string;
}

async function written() {
  const melro = mailing(DEVELOPMENT);
  const mailId = await melro.write(sampleMail('verify_email', { to: 'ann+test@music.example' }));
  return { ...melro, mailId };
}

describe('the outbox of a development installation', () => {
  it('lists messages, newest first, in pages', async () => {
    const { api, write, mailId } = await written();
    const newer = await write(sampleMail('email_code'));
    const first = await read<{ items: Item[]; nextCursor: string }>(await api(`${LIST}?limit=1`));
    expect(first.items.map((item) => item.mailId)).toEqual([newer]);
    const second = await read<{ items: Item[] }>(await api(`${LIST}?limit=1&cursor=${first.nextCursor}`));
    expect(second.items).toEqual([
      {
        mailId,
        template: 'verify_email',
        locale: 'en',
        state: 'queued',
        to: 'ann+test@music.example',
        subject: 'Confirm your email address',
        createdAt: expect.any(String),
      },
    ]);
  });

  it('keeps a message’s words after it is sent, which nothing else has', async () => {
    const { api, deliverAll, mailId, received } = await written();
    await deliverAll();
    expect(await received()).toEqual([]);
    const message = await read<Record<string, unknown>>(await api(`${LIST}/${mailId}`));
    expect(message).toMatchObject({
      state: 'sent',
      text: expect.stringContaining('/verify-email?token='),
      htmlUrl: `${LIST}/${mailId}/html`,
    });
  });

  it('shows the HTML part so that it can do nothing but be looked at and lead on', async () => {
    const { api, mailId } = await written();
    const answer = await api(`${LIST}/${mailId}/html`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox (?!.*allow-(?:scripts|same-origin|forms))/);
    expect(await answer.text()).toContain('<base target="_blank">');
  });

  it('says where there is no such message', async () => {
    const { api } = await written();
    const missing = `${LIST}/eml_00000000000000000000000000`;
    for (const path of [missing, `${missing}/html`]) {
      expect(await read<Problem>(await api(path))).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('there is no outbox', () => {
  it.each([
    ['in production', PRODUCTION],
    ['in production, for an operator either', PRODUCTION],
    ['in development where mail really goes out', { ...PRODUCTION, ENVIRONMENT: 'development' }],
  ])('%s', async (where, overrides) => {
    const { mailId } = await written();
    const api = apiWith(bindingsWith(overrides));
    for (const path of [LIST, `${LIST}/${mailId}`, `${LIST}/${mailId}/html`]) {
      const answer = await api(path, where.includes('operator') ? { as: 'olga' } : {});
      expect(answer.status, path).toBe(404);
      expect(await answer.text()).not.toMatch(/ann\+test|token=/);
    }
  });
});
