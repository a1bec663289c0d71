import { createExecutionContext } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { baseApp } from '../../src/platform/app.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, type Browser, signedUp, signIn, somebody } from '../support/accounts.ts';
import { type Api, bindingsWith, PRODUCTION } from '../support/api.ts';
import { withTotp } from '../support/factors.ts';
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

  it('slow down codes by who has half signed in, however the cookie is written', async () => {
    const name = `half-${freshEmail()}`;
    const half = '__Host-melro.two_factor';
    const spellings = [
      `${half}=${name}.signature`,
      `${half}=${name}.another-signature`,
      `${half}=%68${name.slice(1)}%2Esignature`,
      `${half}="${name}.signature"`,
      `${half}="${name}.signaturex`,
      `decoy.two_factor=1.s; ${half}=${name}.signature`,
      `${half} = ${name}.signature; ${half}=another.signature`,
    ];
    const answers: Response[] = [];
    for (const cookie of spellings) {
      const call = from(freshAddress(), { json: { code: '1' }, headers: { cookie } });
      answers.push(await api('/api/auth/two-factor/verify-totp', call));
    }
    expect(answers.map(isAdmitted)).toEqual([true, true, true, true, true, false, false]);
  });

  it('send one address a handful of letters an hour, whichever form asks for them', async () => {
    const email = freshEmail();
    const paths = ['request-password-reset', 'send-verification-email', 'sign-up/email'];
    const answers: Response[] = [];
    for (const path of [...paths, ...paths]) {
      const json = { ...somebody(), email };
      answers.push(await api(`/api/auth/${path}`, from(freshAddress(), { json })));
    }
    expect(answers.filter(isAdmitted)).toHaveLength(4);
    expect(isAdmitted(answers[5] as Response)).toBe(false);
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
  const tight = accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '1' }));

  it('meets whoever holds a borrowed session and guesses the password or the code that it asks for', async () => {
    const { browser } = await signedUp(tight);
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

  it('is not got around by another spelling of the cookie, a decoy, or another session of the same person', async () => {
    const person = await signedUp(tight);
    const { browser: other } = await signIn(tight, person, from(freshAddress()));
    const cookieOf = ({ cookies }: Browser) =>
      [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const plain = cookieOf(person.browser);
    const spelled = (at: number) => {
      const [name = '', value = ''] = plain.split('=');
      return `${name}=${value.slice(0, at)}%${value.charCodeAt(at).toString(16)}${value.slice(at + 1)}`;
    };
    const statuses: number[] = [];
    for (const cookie of [
      spelled(0),
      spelled(1),
      spelled(2),
      `decoy.session_token=1; ${plain}`,
      plain,
      cookieOf(other),
    ]) {
      const call = from(freshAddress(), { json: { password: 'a guess' }, headers: { cookie } });
      statuses.push((await tight.browser().call('/api/auth/reauthenticate', call)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('counts letters to an address that was never confirmed, whichever account asks for them', async () => {
    const newEmail = freshEmail();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { browser } = await signedUp(tight);
      const call = from(freshAddress(), { json: { newEmail } });
      statuses.push((await browser.call('/api/auth/change-email', call)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('who has a second factor', () => {
  it('may sign in as often as they like: the code forgives the password before it', async () => {
    const person = await withTotp(accountsIn('development'));
    const tight = accountsIn('development', bindingsWith({ RATE_LIMIT_FACTOR: '1' }));
    for (const code of person.recoveryCodes.slice(0, 7)) {
      const { browser, answer } = await signIn(tight, person, from(freshAddress()));
      expect(answer.status).toBe(200);
      const call = from(freshAddress(), { json: { code } });
      expect((await browser.call('/api/auth/two-factor/verify-backup-code', call)).status).toBe(200);
    }
  });
});

describe('registering apps', () => {
  it('is limited like signing up', async () => {
    const address = freshAddress();
    const answer = await api('/api/auth/oauth2/create-client', from(address, { json: {} }));
    expect(answer.headers.get('ratelimit-policy')).toContain('"sign-up";');
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
