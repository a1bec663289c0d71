import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailgunTransport } from '../src/features/mail/transports/mailgun.ts';
import type { ReceivedMail, ScriptedAnswer } from '../test/support/mail-provider-script.ts';
import { PROVIDER_KEY } from '../test/support/people.ts';
import { startMailProvider } from './support/mail-provider.ts';

const MAIL = {
  mailId: 'eml_01',
  to: 'ann@music.example',
  subject: 'Подтвердите',
  text: 'Здравствуйте\n',
  html: '<p>Здравствуйте</p>',
  locale: 'ru',
};
let provider: Awaited<ReturnType<typeof startMailProvider>>;
beforeAll(async () => {
  provider = await startMailProvider();
});
afterAll(() => provider.stop());

let serial = 0;

async function asking(answer?: ScriptedAnswer, options: { key?: string; timeoutMs?: number } = {}) {
  const domain = `d${serial++}.example`;
  const body = JSON.stringify(answer === undefined ? [] : [answer]);
  await fetch(`${provider.url}/script/${domain}`, { method: 'PUT', body });
  const transport = mailgunTransport({
    from: { name: 'Melro', address: 'no-reply@music.example' },
    url: `${provider.url}/v3/${domain}/messages`,
    key: PROVIDER_KEY,
    isTracking: false,
    ...options,
  });
  const outcome = await transport.send(MAIL);
  const received = (await (await fetch(`${provider.url}/received/${domain}`)).json()) as ReceivedMail[];
  return { outcome, received };
}

// The transport outside workerd: what it puts on the wire is standard HTTP, and not only workerd's reading of it.
describe('a provider that speaks Mailgun’s API', () => {
  it('takes the message, its lines ended as mail ends them', async () => {
    const { outcome, received } = await asking();
    expect(outcome).toEqual({ outcome: 'accepted', providerId: '<1.provider@example>' });
    expect(received[0]?.fields).toMatchObject({ subject: 'Подтвердите', text: 'Здравствуйте\r\n' });
  });

  it.each([
    [{ status: 400 }, { outcome: 'refused', reason: 'the provider answered 400 not now' }],
    [{ status: 422 }, { outcome: 'refused', reason: 'the provider answered 422 not now' }],
    [
      { status: 500 },
      { outcome: 'deferred', reason: 'the provider answered 500 not now', retryAfterSeconds: null },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { outcome: 'deferred', reason: 'the provider answered 429 not now', retryAfterSeconds: 7 },
    ],
    [
      { status: 503, body: '<html>a proxy’s page about ann@music.example</html>' },
      {
        outcome: 'deferred',
        reason: 'the provider answered 503 <html>a proxy’s page about [address]',
        retryAfterSeconds: null,
      },
    ],
  ])('is understood when it answers %j', async (answer, outcome) => {
    const asked = await asking(answer);
    expect(asked.outcome).toEqual(outcome);
    expect(asked.received).toEqual([]);
  });

  it('that takes too long, breaks off or is not there is asked again later', async () => {
    const slow = await asking({ status: 200, delayMs: 1000 }, { timeoutMs: 50 });
    expect(slow.outcome).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('could not be reached'),
    });
    expect((await asking({ status: 200, breaks: true })).outcome).toMatchObject({ outcome: 'deferred' });
    const nobody = mailgunTransport({
      from: { name: 'Melro', address: 'no-reply@music.example' },
      url: 'http://127.0.0.1:9/v3/x/messages',
      key: PROVIDER_KEY,
      isTracking: false,
    });
    expect(await nobody.send(MAIL)).toMatchObject({ outcome: 'deferred' });
  });

  it('is not told our key in what we say of a failure', async () => {
    const { outcome } = await asking(undefined, { key: 'a-wrong-key-indeed' });
    expect(outcome).toMatchObject({ outcome: 'deferred', reason: 'the provider answered 401 Forbidden' });
    expect(JSON.stringify(outcome)).not.toContain('wrong-key');
  });
});
