import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountsIn, type Browser, PASSWORD, signedUp, signIn } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { authenticator } from '../support/authenticator.ts';
import { addPasskey, codeOf, showPasskey, withTotp } from '../support/factors.ts';
import { freshAddress, from } from '../support/limits.ts';
import { expectProblem } from '../support/refusals.ts';

const NAME = '__Host-melro.device';
const DAY_MS = 86_400_000;
const loose = accountsIn('production');
const tight = accountsIn('production', bindingsWith({ RATE_LIMIT_FACTOR: '1' }));

type Person = { email: string };

/** Sends a password, from a place where nobody else is. */
const send = (browser: Browser, { email }: Person, password = PASSWORD) =>
  browser.call('/api/auth/sign-in/email', from(freshAddress(), { json: { email, password } }));

/** Returns a browser that has nothing but what makes its device known. */
function deviceOf({ cookies }: Browser): Browser {
  const cookie = cookies.get(NAME);
  expect(cookie).toBeDefined();
  return tight.browser(new Map([[NAME, cookie ?? '']]));
}

async function spendBudget(person: Person): Promise<void> {
  const stranger = () => tight.browser();
  for (let i = 0; i < 5; i++)
    expect((await send(stranger(), person, `guess ${i} of a stranger`)).status).toBe(401);
  await expectProblem(await send(stranger(), person), 429, 'rate_limited');
}

afterEach(() => void vi.useRealTimers());

describe('a device that has signed in before', () => {
  it('still signs in while strangers have used up all guesses at the account', async () => {
    const person = await signedUp(loose);
    await spendBudget(person);
    const answer = await send(deviceOf(person.browser), person);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit-policy')).toContain('"sign-in-device";q=5;w=300');
    // And gives strangers nothing by it.
    await expectProblem(await send(tight.browser(), person), 429, 'rate_limited');
  });

  it('that itself guesses too often is limited, and makes nobody else wait', async () => {
    const person = await signedUp(loose);
    const device = deviceOf(person.browser);
    for (let i = 0; i < 5; i++)
      expect((await send(device, person, `guess ${i} of a thief`)).status).toBe(401);
    const refused = await expectProblem(await send(device, person), 429, 'rate_limited');
    expect(refused).toMatchObject({ policy: 'sign-in-device' });
    expect((await send(tight.browser(), person)).status).toBe(200);
  });

  it('is forgiven by the right password', async () => {
    const person = await signedUp(loose);
    const device = deviceOf(person.browser);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) expect((await send(device, person, `slip ${i}`)).status).toBe(401);
      expect((await send(device, person)).status).toBe(200);
    }
  });

  it('has the same name after every sign-in, so that signing in buys no new guesses', async () => {
    const person = await signedUp(loose);
    const nonceIn = ({ cookies }: Browser) => cookies.get(NAME)?.split('.')[0];
    const device = deviceOf(person.browser);
    const before = nonceIn(device);
    expect((await send(device, person)).status).toBe(200);
    expect(nonceIn(device)).toBe(before);
  });

  it('is unknown to another account', async () => {
    const [person, other] = [await signedUp(loose), await signedUp(loose)];
    await spendBudget(person);
    await expectProblem(await send(deviceOf(other.browser), person), 429, 'rate_limited');
  });

  it('knows several accounts, the last few', async () => {
    const people = [await signedUp(loose), await signedUp(loose)];
    const shared = loose.browser();
    for (const person of people) expect((await send(shared, person)).status).toBe(200);
    for (const person of people) {
      await spendBudget(person);
      expect((await send(deviceOf(shared), person)).status).toBe(200);
    }
    for (let i = 0; i < 4; i++) expect((await send(shared, await signedUp(loose))).status).toBe(200);
    expect(shared.cookies.get(NAME)?.split('~')).toHaveLength(4);
  });

  it('is unknown where its cookie was changed, made up, or is over', async () => {
    const person = await signedUp(loose);
    await spendBudget(person);
    const good = person.browser.cookies.get(NAME) ?? '';
    const [nonce = '', endsAt = '', mac = ''] = good.split('.');
    for (const cookie of [
      `${'A'.repeat(22)}.${endsAt}.${mac}`,
      `${nonce}.${Number(endsAt) + 1}.${mac}`,
      `${nonce}.${endsAt}.${'A'.repeat(43)}`,
      `${nonce}.${endsAt}.`,
      '~~~',
      '%%%.1.2',
    ]) {
      const browser = tight.browser(new Map([[NAME, cookie]]));
      await expectProblem(await send(browser, person), 429, 'rate_limited');
    }
    const device = deviceOf(person.browser);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 181 * DAY_MS });
    // The strangers' guesses are forgotten by then.
    const answer = await send(device, person);
    expect(answer.headers.get('ratelimit-policy')).toContain('"sign-in-account"');
  });

  it('is told so by a cookie that scripts cannot read and that names nobody', async () => {
    const person = await signedUp(loose);
    const { browser } = await signIn(loose, person);
    const line = browser.lastSet.find((set) => set.startsWith(`${NAME}=`)) ?? '';
    expect(line).toMatch(
      /^__Host-melro\.device=[\w-]{22}\.\d{10}\.[\w-]{43}; Max-Age=15552000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(line).not.toContain(person.id);
  });

  it('becomes known by the second factor and by a passkey, and not by half a sign-in or a wrong password', async () => {
    const person = await withTotp(loose);
    const half = loose.browser();
    expect((await send(half, person, 'not the password')).status).toBe(401);
    expect((await send(half, person)).status).toBe(200);
    expect(half.cookies.has(NAME)).toBe(false);
    const json = { code: await codeOf(person.totpUri) };
    expect((await half.call('/api/auth/two-factor/verify-totp', { json })).status).toBe(200);
    expect(half.cookies.has(NAME)).toBe(true);

    const other = await signedUp(loose);
    const device = authenticator();
    await addPasskey(other.browser, device);
    const browser = loose.browser();
    expect((await showPasskey(browser, device)).status).toBe(200);
    await spendBudget(other);
    expect((await send(deviceOf(browser), other)).status).toBe(200);
  });

  it('opens nothing by itself', async () => {
    const person = await signedUp(loose);
    const device = deviceOf(person.browser);
    await expectProblem(await device.call('/api/v1/me'), 401, 'unauthenticated');
    expect(await read(await device.call('/api/auth/get-session'))).toBeNull();
  });
});
