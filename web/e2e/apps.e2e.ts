import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations.ts';
import { shownLines, startedInstallation } from './support/installation.ts';
import { accountButton, signIn, signOut, signUp, somebody } from './support/people.ts';

const nora = somebody();

const here = startedInstallation();
let page: Page;
beforeAll(async () => {
  ({ page } = here);
  await page.goto('/sign-up');
  await signUp(page, nora);
  await accountButton(page).waitFor();
});

describe('an app that asks to be let in', () => {
  const REDIRECT_URI = 'https://app.example/callback';
  let clientId = '';

  function question(scope: string): string {
    const query = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      scope,
      state: 'the state of the app',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    };
    return `/api/auth/oauth2/authorize?${new URLSearchParams(query)}`;
  }

  /** Presses a button of the consent page and returns what the app is told. */
  async function answered(name: 'Allow' | 'Deny'): Promise<URLSearchParams> {
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForURL(`${REDIRECT_URI}?**`);
    return new URL(page.url()).searchParams;
  }

  it('has strangers sign in first, and is told when it is not let in', async () => {
    await page.route('https://app.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: 'app' }),
    );
    const made = await page.request.post('/api/auth/oauth2/create-client', {
      headers: { origin: here.product.url },
      data: {
        client_name: 'Shelf Player',
        redirect_uris: [REDIRECT_URI],
        scope: 'account:read tracks:upload',
      },
    });
    clientId = (await made.json()).client_id;
    await signOut(page);
    await page.goto(question('account:read tracks:upload'));
    await page.waitForURL('**/sign-in?**');
    await signIn(page, nora);
    await page.getByRole('heading', { name: 'Let Shelf Player in?' }).waitFor();
    await page.getByText('Upload music in your name and look after it').waitFor();
    await page.getByText('app.example').waitFor();
    await page.getByText('It has this for 15 minutes').waitFor();
    expect(await findViolations(page)).toEqual([]);
    const told = await answered('Deny');
    expect(told.get('error')).toBe('access_denied');
    expect(told.get('state')).toBe('the state of the app');
  });

  it('gets its code once it is let in, is listed, and can be put out again', async () => {
    await page.goto(question('account:read'));
    expect((await answered('Allow')).get('code')).toMatch(/\S{20,}/);
    // Signed in and let in, they still sign in once more where the app wants that, once.
    await page.goto(`${question('account:read')}&prompt=login`);
    await page.getByRole('heading', { name: 'Sign in once more' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    // Led there by the server, where no route of this test answers.
    const told = page.waitForRequest((request) => request.url().startsWith(REDIRECT_URI));
    await signIn(page, nora);
    expect(new URL((await told).url()).searchParams.get('code')).toMatch(/\S{20,}/);
    await page.goto('/settings/connections');
    await page.getByText('Shelf Player').waitFor();
    await page.getByRole('button', { name: 'Disconnect Shelf Player' }).click();
    await page.getByText('You have let in no apps.').waitFor();
  });

  it('gets nothing by a question that is not valid', async () => {
    await page.goto(question('account:read').replace('app.example', 'evil.example'));
    await page.getByRole('heading', { name: 'This app asked for something that cannot be' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });
});

describe('an API key', () => {
  it('is shown once, works within its scopes, and no more once it is revoked', async () => {
    await page.goto('/settings/api-keys');
    await page.getByLabel('Name', { exact: true }).fill('Backup script');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const [key = ''] = await shownLines(page, 'The new key');
    const call = () =>
      fetch(`${here.product.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect((await call()).status).toBe(200);
    expect(await findViolations(page)).toEqual([]);
    await page.goto('/settings/api-keys');
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke the key Backup script' }).click();
    await page.getByText('You have no keys.').waitFor();
    expect((await call()).status).toBe(401);
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(here.pageErrors).toEqual([]);
});
