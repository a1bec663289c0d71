import { createExecutionContext } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { baseApp } from '../../src/platform/app.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp, somebody } from '../support/accounts.ts';
import { type Api, bindingsWith, PRODUCTION } from '../support/api.ts';
import { freshAddress, from, limitedApi } from '../support/limits.ts';
import { expectProblem } from '../support/refusals.ts';

const api = limitedApi();
const isAdmitted = ({ status }: Response) => status !== 429;

let people = 0;
const freshEmail = () => `person${++people}@limits.example`;

/** An app whose sign-in knows one password, behind the limits of the real bindings. */
function signInApp(): Api {
  const app = baseApp({
    resolvePrincipal: () => async () => null,
    isLogging: () => false,
    limits: (env) => servicesOf(env).limits,
  });
  app.post('/api/auth/sign-in/email', async (c) => {
    const { password } = await c.req.json<{ password: string }>();
    if (password === 'right') return c.json({ user: {} });
    return password === 'half' ? c.json({ twoFactorRedirect: true }) : c.json({}, 401);
  });
  const bindings = bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1' });
  return async (path, { json, headers } = {}) =>
    app.fetch(
      new Request(new URL(path, 'http://melro.test'), {
        method: 'POST',
        body: JSON.stringify(json),
        headers: { 'content-type': 'application/json', ...headers },
      }),
      bindings,
      createExecutionContext(),
    );
}

describe('forms that can be guessed at', () => {
  it('admit exactly the burst of 200 at the same moment from one place, and other places still', async () => {
    const send = (address: string) =>
      api('/api/auth/request-password-reset', from(address, { json: { email: freshEmail() } }));
    const address = freshAddress();
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(address)));
    expect(answers.filter(isAdmitted)).toHaveLength(20);
    expect(isAdmitted(await send(freshAddress()))).toBe(true);
  });

  it('slow down guesses at one account that come from everywhere', async () => {
    const victim = freshEmail();
    const guess = (email: string) =>
      api('/api/auth/sign-in/email', from(freshAddress(), { json: { email, password: 'wrong' } }));
    for (const email of [victim, victim.toUpperCase(), ` ${victim}`, victim, victim]) {
      expect(isAdmitted(await guess(email))).toBe(true);
    }
    const answer = await guess(victim);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(answer.headers.get('ratelimit-policy')).toContain(
      '"sign-in";q=60;w=600, "sign-in-account";q=5;w=300',
    );
    expect(await expectProblem(answer, 429, 'rate_limited')).toMatchObject({ policy: 'sign-in-account' });
    expect(isAdmitted(await guess(freshEmail()))).toBe(true);
  });

  it('slow down codes by who has half signed in, whatever else is sent along', async () => {
    const cookie = `melro.theme=dark; __Secure-melro.two_factor=half-${freshEmail()}`;
    const guess = () =>
      api(
        '/api/auth/two-factor/verify-totp',
        from(freshAddress(), { json: { code: '1' }, headers: { cookie } }),
      );
    const answers: Response[] = [];
    for (let i = 0; i < 7; i++) answers.push(await guess());
    expect(answers.filter(isAdmitted)).toHaveLength(5);
  });

  it('are no more because a cookie is spelled another way, or sent beside another', async () => {
    const held = `half-${freshEmail()}`;
    const signed = `${held}.c2ln`;
    const spellings = [
      signed,
      signed.replace('h', '%68'),
      signed.replace('.', '%2E'),
      `"${signed}"`,
      signed,
      signed,
    ];
    const guess = (cookie: string) =>
      api(
        '/api/auth/two-factor/verify-totp',
        from(freshAddress(), { json: { code: '1' }, headers: { cookie } }),
      );
    const answers: Response[] = [];
    for (const [i, value] of spellings.entries()) {
      answers.push(await guess(`other.two_factor=${i}; __Host-melro.two_factor=${value}`));
    }
    expect(answers.filter(isAdmitted)).toHaveLength(5);
    const twice = await guess(`melro.two_factor=x; __Host-melro.two_factor=${signed}`);
    await expectProblem(twice, 400, 'validation_failed');
  });

  it('send one address a handful of letters an hour, whichever form asks for them', async () => {
    const email = freshEmail();
    const paths = ['request-password-reset', 'send-verification-email', 'email-otp/send-verification-otp'];
    const answers: Response[] = [];
    for (const path of [...paths, ...paths]) {
      answers.push(await api(`/api/auth/${path}`, from(freshAddress(), { json: { email } })));
    }
    expect(answers.filter(isAdmitted)).toHaveLength(4);
  });

  it('refuse a body that is long enough to hide whom it is about', async () => {
    const json = { padding: 'x'.repeat(70_000), email: freshEmail() };
    const answer = await api('/api/auth/sign-in/email', from(freshAddress(), { json }));
    await expectProblem(answer, 400, 'validation_failed');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 70; i++) controller.enqueue(new Uint8Array(1000).fill(32));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const streamed = from(freshAddress(), { method: 'POST', body: stream, headers });
    await expectProblem(await api('/api/auth/sign-in/email', streamed), 400, 'validation_failed');
  });

  it('cost nothing to look at', async () => {
    const address = freshAddress();
    const looks = Array.from({ length: 150 }, () => api('/api/auth/get-session', from(address)));
    expect((await Promise.all(looks)).every(isAdmitted)).toBe(true);
  });
});

describe('the back-off of a real account', () => {
  it('meets whoever guesses its password, from anywhere, and not whoever knows it', async () => {
    const { browser } = accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '1' }));
    const person = somebody();
    const post = async (path: string, json: unknown) =>
      (await browser().call(path, from(freshAddress(), { method: 'POST', json }))).status;
    expect(await post('/api/auth/sign-up/email', person)).toBe(200);
    const signIn = (password: string) =>
      post('/api/auth/sign-in/email', { email: person.email.toUpperCase(), password });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4; i++) expect(await signIn('a guess of many')).toBe(401);
      expect(await signIn(person.password)).toBe(200);
    }
    for (let i = 0; i < 5; i++) expect(await signIn('a guess of many')).toBe(401);
    // Slowed down, not locked out: it is right again after the wait.
    expect(await signIn(person.password)).toBe(429);
  });
});

describe('the back-off of a session', () => {
  it('meets whoever holds a borrowed session and guesses the password or the code that it asks for', async () => {
    const { browser } = await signedUp(accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '1' })));
    const guess = async (json: unknown) => {
      const call = from(freshAddress(), { method: 'POST', json });
      return (await browser.call('/api/auth/reauthenticate', call)).status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++)
      statuses.push(await guess(i % 2 ? { code: '000000' } : { password: 'a guess' }));
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(0, 5)).not.toContain(200);
    expect(statuses[5]).toBe(429);
  });
});

describe('the back-off of an account', () => {
  const signIn = signInApp();
  const attempt = async (email: string, password: string) =>
    (await signIn('/api/auth/sign-in/email', from(freshAddress(), { json: { email, password } }))).status;

  it('leaves the handler its body, and is forgiven by the right password', async () => {
    const email = freshEmail();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) expect(await attempt(email, 'wrong')).toBe(401);
      expect(await attempt(email, 'right')).toBe(200);
    }
  });

  it('is not forgiven by a password that only leads to a code', async () => {
    const email = freshEmail();
    for (let i = 0; i < 5; i++) expect(await attempt(email, 'half')).toBe(200);
    expect(await attempt(email, 'half')).toBe(429);
  });
});
