import { describe, expect, it } from 'vitest';
import { backoffSeconds } from '../policy.ts';
import { withoutAddresses } from '../transport.ts';
import { cloudflareTransport } from './cloudflare.ts';
import { retryAfterSeconds } from './mailgun.ts';

const FROM = { name: 'Melro', address: 'no-reply@music.example' };
const MAIL = {
  mailId: 'eml_1',
  to: 'ann@music.example',
  subject: 'S',
  text: 'T',
  html: '<p>H',
  locale: 'en',
};

function bindingThat(error: unknown): SendEmail {
  return { send: () => Promise.reject(error) } as unknown as SendEmail;
}

describe('Cloudflare’s binding', () => {
  it.each([
    ['E_RECIPIENT_SUPPRESSED', 'refused', undefined],
    ['E_VALIDATION_ERROR', 'refused', undefined],
    ['E_RECIPIENT_NOT_ALLOWED', 'refused', undefined],
    ['E_RATE_LIMIT_EXCEEDED', 'deferred', 60],
    ['E_DAILY_LIMIT_EXCEEDED', 'deferred', 3600],
    ['E_INTERNAL_SERVER_ERROR', 'deferred', null],
    ['E_SENDER_NOT_VERIFIED', 'deferred', null],
    ['E_SOMETHING_NEW', 'deferred', null],
  ])('that throws %s has %s the message', async (code, outcome, wait) => {
    const error = Object.assign(new Error('about ann@music.example'), { code });
    expect(await cloudflareTransport(bindingThat(error), FROM).send(MAIL)).toEqual({
      outcome,
      reason: `the email binding answered ${code}`,
      ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
    });
  });

  it.each([new Error('lost'), 'a string', { code: 7 }])(
    'that breaks otherwise is tried again',
    async (error) => {
      expect(await cloudflareTransport(bindingThat(error), FROM).send(MAIL)).toMatchObject({
        outcome: 'deferred',
      });
    },
  );

  it('is given headers that it allows, and no name that could hide another address', async () => {
    const sent: unknown[] = [];
    const binding = {
      send: async (message: unknown) => {
        sent.push(message);
        return { messageId: 'theirs' };
      },
    } as unknown as SendEmail;
    expect(await cloudflareTransport(binding, FROM).send(MAIL)).toEqual({
      outcome: 'accepted',
      providerId: 'theirs',
    });
    expect(sent).toEqual([
      {
        from: { name: 'Melro', email: 'no-reply@music.example' },
        to: 'ann@music.example',
        subject: 'S',
        text: 'T',
        html: '<p>H',
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'en', 'X-Melro-Message': 'eml_1' },
      },
    ]);
  });
});

it.each([
  [null, null],
  ['30', 30],
  ['0', 0],
  ['-5', null],
  ['soon', null],
  ['Sat, 21 Nov 2026 20:01:00 GMT', 60],
  ['Sat, 21 Nov 2026 19:00:00 GMT', 0],
])('Retry-After: %s asks for %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, Date.UTC(2026, 10, 21, 20, 0, 0))).toBe(seconds);
});

it('waits grow to a quarter of an hour; what the provider asks for is heeded up to an hour', () => {
  expect([1, 2, 3, 7, 8, 9].map((fault) => backoffSeconds(fault, null))).toEqual([10, 20, 40, 640, 900, 900]);
  expect(backoffSeconds(1, 120)).toBe(120);
  expect(backoffSeconds(5, 3)).toBe(160);
  expect(backoffSeconds(1, 999_999)).toBe(3600);
});

it('what a provider says is kept without addresses and on one line', () => {
  expect(withoutAddresses('to <ann@music.example>\r\nis bad')).toBe('to [address] is bad');
  expect(withoutAddresses('x'.repeat(500))).toHaveLength(200);
});
