import { beforeEach, describe, expect, it } from 'vitest';
import { accountsIn, PUBLIC_ORIGIN, signedUp, somebody } from '../support/accounts.ts';
import { bindingsWith, type Problem } from '../support/api.ts';
import { internet } from '../support/internet.ts';
import { freshAddress } from '../support/limits.ts';
import { expectProblem } from '../support/refusals.ts';
import type { Site } from '../support/site.ts';

const TURNSTILE_SITE_KEY = 'site-key-of-these-tests';
const TURNSTILE_SECRET = 'secret-key-of-these-tests';
const guarded = accountsIn(
  'production',
  bindingsWith({ TURNSTILE_SITE_KEY, TURNSTILE_SECRET, RATE_LIMIT_FACTOR: '1' }),
);

/** Cloudflare's verifier as its documentation has it: a token is for one site's secret and works once. */
interface Verifier extends Site {
  issue(hostname?: string): string;
  asked: URLSearchParams[];
}

function verifier(): Verifier {
  const issued = new Map<string, string>();
  const asked: URLSearchParams[] = [];
  return {
    hosts: ['challenges.cloudflare.com'],
    asked,
    issue: (hostname = new URL(PUBLIC_ORIGIN).hostname) => {
      const token = `0.${crypto.randomUUID()}`;
      issued.set(token, hostname);
      return token;
    },
    answer: async (request) => {
      const form = new URLSearchParams(await request.text());
      asked.push(form);
      const hostname = issued.get(form.get('response') ?? '');
      issued.delete(form.get('response') ?? '');
      if (form.get('secret') !== TURNSTILE_SECRET)
        return Response.json({ success: false, 'error-codes': ['invalid-input-secret'] });
      return hostname === undefined
        ? Response.json({ success: false, 'error-codes': ['timeout-or-duplicate'] })
        : Response.json({ success: true, hostname, 'error-codes': [] });
    },
  };
}

let cloudflare = verifier();
beforeEach(() => {
  cloudflare = verifier();
  internet(cloudflare);
});

const post = (path: string, json: object, token?: string, address = freshAddress()) =>
  guarded.browser().call(`/api/auth${path}`, {
    json,
    headers: { 'cf-connecting-ip': address, ...(token === undefined ? {} : { 'x-captcha-response': token }) },
  });
const signIn = (email: string, password: string, token?: string) =>
  post('/sign-in/email', { email, password }, token);

async function triedThrice() {
  const person = await signedUp(guarded);
  for (let i = 0; i < 3; i++)
    await expectProblem(await signIn(person.email, 'wrong'), 401, 'invalid_credentials');
  return person;
}

describe('a challenge', () => {
  it('is asked of nobody at first, and after three wrong passwords of whoever comes next', async () => {
    const { email, password } = await triedThrice();
    const asked = await signIn(email, password);
    const problem = (await asked.clone().json()) as Problem & { turnstileSiteKey: string };
    await expectProblem(asked, 403, 'challenge_required');
    expect(problem.turnstileSiteKey).toBe(TURNSTILE_SITE_KEY);
    expect(cloudflare.asked).toEqual([]);
    expect((await signIn(email, password, cloudflare.issue())).status).toBe(200);
    expect(cloudflare.asked[0]?.get('remoteip')).toMatch(/^10\./);
    // And forgotten by that.
    expect((await signIn(email, password)).status).toBe(200);
  });

  it('is asked alike of an address without an account', async () => {
    const { email } = somebody();
    for (let i = 0; i < 3; i++) await expectProblem(await signIn(email, 'wrong'), 401, 'invalid_credentials');
    await expectProblem(await signIn(email, 'wrong'), 403, 'challenge_required');
  });

  it('counts a solution once, for our own pages, and none that is made up', async () => {
    const { email, password } = await triedThrice();
    const token = cloudflare.issue();
    await expectProblem(await signIn(email, 'wrong', token), 401, 'invalid_credentials');
    await expectProblem(await signIn(email, password, token), 403, 'challenge_required');
    const other = await triedThrice();
    const elsewhere = cloudflare.issue('elsewhere.example');
    await expectProblem(await signIn(other.email, password, elsewhere), 403, 'challenge_required');
    await expectProblem(await signIn(other.email, password, 'made-up'), 403, 'challenge_required');
    const asked = cloudflare.asked.length;
    await expectProblem(
      await signIn((await triedThrice()).email, password, 'x'.repeat(3000)),
      403,
      'challenge_required',
    );
    expect(cloudflare.asked).toHaveLength(asked);
  });

  it('is asked of a place that tries many accounts', async () => {
    const address = freshAddress();
    const trial = () =>
      post('/sign-in/email', { email: somebody().email, password: 'wrong' }, undefined, address);
    for (let i = 0; i < 20; i++) await expectProblem(await trial(), 401, 'invalid_credentials');
    await expectProblem(await trial(), 403, 'challenge_required');
    const signUp = await post('/sign-up/email', somebody(), undefined, address);
    await expectProblem(signUp, 403, 'challenge_required');
    expect((await post('/sign-up/email', somebody(), cloudflare.issue(), address)).status).toBe(200);
  });

  it('lets nobody past while it does not answer', async () => {
    const { email, password } = await triedThrice();
    internet({ hosts: cloudflare.hosts, answer: () => new Response('down', { status: 502 }) });
    await expectProblem(await signIn(email, password, cloudflare.issue()), 503, 'unavailable');
    internet({ hosts: cloudflare.hosts, answer: () => Promise.reject(new Error('no way there')) });
    await expectProblem(await signIn(email, password, cloudflare.issue()), 503, 'unavailable');
  });

  it('is asked of nobody where it is not set up', async () => {
    const plain = accountsIn('production', bindingsWith({ RATE_LIMIT_FACTOR: '1000' }));
    const { email, password } = await signedUp(plain);
    const trial = (word: string) =>
      plain.browser().call('/api/auth/sign-in/email', { json: { email, password: word } });
    for (let i = 0; i < 8; i++) await expectProblem(await trial('wrong'), 401, 'invalid_credentials');
    expect((await trial(password)).status).toBe(200);
    expect(cloudflare.asked).toEqual([]);
  });
});
