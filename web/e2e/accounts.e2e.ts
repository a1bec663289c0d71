import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { addVirtualAuthenticator, totpCode } from './support/factors.ts';
import { findViolations } from './support/find-violations.ts';
import { accountButton, linkInMail, signIn, signOut, signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const NEW_PASSWORD = 'two blackbirds at five';
const nora = somebody();

let product: Product;
let browser: Browser;
let page: Page;
const pageErrors: string[] = [];

async function newPage(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: product.url });
  const opened = await context.newPage();
  // Buttons do nothing before their script is there, and a loaded machine takes its time.
  const goto = opened.goto.bind(opened);
  opened.goto = async (url, options) => {
    const response = await goto(url, options);
    if (new URL(opened.url()).origin === product.url) await opened.locator('html[data-started]').waitFor();
    return response;
  };
  opened.on('pageerror', (error) => pageErrors.push(error.message));
  opened.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
  });
  return { context, page: opened };
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  ({ page } = await newPage());
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** What is shown once, line by line. */
async function shown(label: string): Promise<string[]> {
  const list = page.getByRole('list', { name: label });
  await list.waitFor();
  return list.getByRole('listitem').allTextContents();
}

describe('signing up', () => {
  it('is what a stranger is led to who wants to upload, and leads back', async () => {
    await page.goto('/studio');
    await page.getByRole('heading', { name: 'Sign in to upload' }).waitFor();
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.waitForURL('**/sign-up?next=/studio');
  });

  it('says at the fields what is wrong, and focus goes to the first', async () => {
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Enter your name or stage name.').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'));
    await expect.poll(focused).toBe('name');
    await page.getByLabel('Name', { exact: true }).fill(nora.name);
    expect(await page.getByLabel('Handle').inputValue()).toBe('nora_linden');
    await page.getByLabel('Email').fill(nora.email);
    await page.getByLabel('Password', { exact: true }).fill('password12');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('among the most common').waitFor();
    await expect.poll(focused).toBe('password');
    expect(await page.getByLabel('Password', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  });

  it('signs in, and every page knows who is there', async () => {
    await signUp(page, nora);
    await page.waitForURL('**/studio');
    await accountButton(page).waitFor();
    const html = await (await page.request.get('/')).text();
    expect(html).toContain(`@${nora.handle}`);
  });

  it('makes the first one admin, and those who follow listeners who become artists by one press', async () => {
    expect((await (await page.request.get('/api/v1/me')).json()).role).toBe('admin');
    const other = await newPage();
    await other.page.goto('/sign-up?next=/studio');
    await signUp(other.page, somebody());
    await other.page.getByRole('button', { name: 'Become an artist' }).click();
    await other.page.getByText('Under which name do you make music?').waitFor();
    await other.context.close();
  });
});

describe('signing in', () => {
  it('follows signing out, which works by the keyboard alone', async () => {
    await page.goto('/');
    await accountButton(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Profile' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page
      .getByRole('link', { name: 'Sign in', exact: true })
      .filter({ visible: true })
      .first()
      .waitFor();
    expect((await page.request.get('/api/v1/me/sessions')).status()).not.toBe(200);
  });

  it('is asked for by pages of one’s own, which it leads back to', async () => {
    await page.goto('/settings/sessions');
    await page.waitForURL('**/sign-in?next=%2Fsettings%2Fsessions');
  });

  it('is refused with the wrong password, in a sentence that gets the focus', async () => {
    await signIn(page, { email: nora.email, password: 'not my password' });
    await page.getByRole('alert').getByText('The email address or the password is wrong.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert');
    await signIn(page, nora);
    await page.waitForURL('**/settings/sessions');
    await page.getByText('This one').waitFor();
  });

  it('never leads to another site', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/%5Cevil.example/..']) {
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      expect(new URL(page.url()).origin).toBe(product.url);
    }
  });
});

describe('sessions', () => {
  it('are listed, and ending one signs that device out', async () => {
    const other = await newPage();
    await other.page.goto('/sign-in');
    await signIn(other.page, nora);
    await other.page.waitForURL(`${product.url}/`);
    await page.goto('/settings/sessions');
    await page.getByRole('button', { name: /^End the session of Chrome/ }).click();
    await page.getByText(/is signed out\./).waitFor();
    await other.page.goto('/settings/sessions');
    await other.page.waitForURL('**/sign-in?**');
    await other.context.close();
  });
});

describe('a forgotten password', () => {
  it('is replaced by the link in the mail, once', async () => {
    await signOut(page);
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
    await page.getByLabel('Email').fill(nora.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
    const link = await linkInMail(page, nora.email, /password/i);
    expect(new URL(link).origin).toBe(product.url);
    await page.goto(link);
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    await page.goto(link);
    await page.getByLabel('New password').fill(`${NEW_PASSWORD}!`);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    await page.goto('/sign-in');
    await signIn(page, { email: nora.email, password: NEW_PASSWORD });
    await page.waitForURL(`${product.url}/`);
  });

  it('is not the only way: it can be changed when signed in', async () => {
    await page.goto('/settings/security');
    await page.getByLabel('Current password').fill('not my password');
    await page.getByLabel('New password').fill(nora.password);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('This is not your password.').waitFor();
    await page.getByLabel('Current password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Every other session has been ended.').waitFor();
    await accountButton(page).waitFor();
  });
});

describe('an address', () => {
  it('is confirmed by the link in the mail', async () => {
    await page.goto('/settings/profile');
    await page.getByText('Not confirmed yet').waitFor();
    await page.goto(await linkInMail(page, nora.email, /confirm/i));
    await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor();
    await page.goto('/settings/profile');
    await page.getByText('Confirmed', { exact: true }).waitFor();
  });
});

describe('a profile', () => {
  it('is changed, shows in the menu at once, and refuses what the API refuses', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Nora L. Marsh');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved').waitFor();
    await page
      .getByRole('button', { name: /Nora L\. Marsh/ })
      .filter({ visible: true })
      .waitFor();
    await page.getByLabel('Handle').fill('admin');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('This handle is reserved.').waitFor();
  });
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
      headers: { origin: product.url },
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

describe('an authenticator app', () => {
  const section = () => page.getByRole('region', { name: 'Authenticator app' });
  let totpKey = '';
  let recoveryCodes: string[] = [];

  it('is set up by its key and a code, and hands out recovery codes', async () => {
    await page.goto('/settings/security');
    await section().getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    [totpKey = ''] = await shown('Key');
    await section().getByLabel('Code', { exact: true }).fill('000000');
    await section().getByRole('button', { name: 'Turn on' }).click();
    await section().getByText('This code is wrong').waitFor();
    await section().getByLabel('Code', { exact: true }).fill(totpCode(totpKey, -1));
    await section().getByRole('button', { name: 'Turn on' }).click();
    recoveryCodes = await shown('Recovery codes');
    expect(recoveryCodes).toHaveLength(10);
    await section().getByRole('button', { name: 'I have kept them' }).click();
    await section().getByText('On', { exact: true }).waitFor();
  });

  it('is asked for after the password, and its code signs in', async () => {
    await signOut(page);
    await page.goto('/sign-in?next=/settings/security');
    await signIn(page, nora);
    await page.waitForURL('**/two-factor?**');
    expect(await findViolations(page)).toEqual([]);
    const code = page.getByLabel('Code', { exact: true });
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    await code.fill(totpCode(totpKey));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/settings/security');
  });

  it('can be done without by a recovery code, once', async () => {
    await signOut(page);
    await page.goto('/sign-in');
    await signIn(page, nora);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill('aaaaa-aaaaa');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('This recovery code is wrong or was used.').waitFor();
    await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${product.url}/`);
  });
});

describe('a passkey', () => {
  it('is added, renamed, signs in by itself, and is removed', async () => {
    await page.goto('/settings/security');
    const device = await addVirtualAuthenticator(page);
    const section = page.getByRole('region', { name: 'Passkeys' });
    await section.getByLabel('Name of the new passkey').fill('The blue key');
    await section.getByRole('button', { name: 'Add a passkey' }).click();
    await section.getByText('The blue key').waitFor();
    await section.getByRole('button', { name: 'Rename The blue key' }).click();
    await section.getByLabel('New name').fill('The red key');
    await section.getByRole('button', { name: 'Rename', exact: true }).click();
    await section.getByText('The red key').waitFor();
    await signOut(page);

    await page.goto('/sign-in?next=/settings/security');
    // Chromium answers by itself what it would otherwise offer where the address is typed.
    await page.waitForURL('**/settings/security', { timeout: 10_000 }).catch(async () => {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await page.waitForURL('**/settings/security');
    });
    await section.getByRole('button', { name: 'Remove The red key' }).click();
    await section.getByText('The red key').waitFor({ state: 'detached' });
    await device.remove();
  });
});

describe('a passkey after the password', () => {
  it('is asked for without an app, with recovery codes, until the last one is removed', async () => {
    const vera = { ...somebody(), name: 'Vera Wren' };
    const { context, page } = await newPage();
    await page.goto('/sign-up');
    await signUp(page, vera);
    const device = await addVirtualAuthenticator(page);
    await page.goto('/settings/security');
    const section = page.getByRole('region', { name: 'Passkeys' });
    await section.getByRole('button', { name: 'Add a passkey' }).click();
    await section.getByRole('button', { name: 'Turn on asking for a passkey' }).click();
    const codes = section.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await expect.poll(() => codes.count()).toBe(10);
    expect(await findViolations(page)).toEqual([]);
    await section.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('region', { name: 'Recovery codes' }).getByText('10 of 10 left').waitFor();

    await signOut(page);
    await page.goto('/sign-in?next=/settings/security');
    // Chromium would answer by itself what is offered where the address is typed: only the password is tried here.
    await device.remove();
    await signIn(page, vera);
    await page.waitForURL('**/two-factor?**');
    await page.getByText('Show your passkey to finish signing in.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await context.close();
  });

  it('ends with the last passkey, after a question', async () => {
    await page.goto('/settings/security');
    const device = await addVirtualAuthenticator(page);
    const section = page.getByRole('region', { name: 'Passkeys' });
    await section.getByLabel('Name of the new passkey').fill('The green key');
    await section.getByRole('button', { name: 'Add a passkey' }).click();
    await section.getByRole('button', { name: 'Turn on asking for a passkey' }).click();
    await section.getByRole('button', { name: 'Turn off asking for a passkey' }).waitFor();
    await section.getByRole('button', { name: 'Remove The green key' }).click();
    await section.getByText('only a code of your authenticator app').waitFor();
    await section.getByRole('button', { name: 'Keep it' }).click();
    await section.getByRole('button', { name: 'Remove The green key' }).click();
    expect(await findViolations(page)).toEqual([]);
    await section.getByRole('button', { name: 'Remove it' }).click();
    await section.getByText('The green key').waitFor({ state: 'detached' });
    await device.remove();
  });
});

describe('an API key', () => {
  it('is shown once, works within its scopes, and no more once it is revoked', async () => {
    await page.goto('/settings/api-keys');
    await page.getByLabel('Name', { exact: true }).fill('Backup script');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const [key = ''] = await shown('The new key');
    const call = () => fetch(`${product.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect((await call()).status).toBe(200);
    expect(await findViolations(page)).toEqual([]);
    await page.goto('/settings/api-keys');
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke the key Backup script' }).click();
    await page.getByText('You have no keys.').waitFor();
    expect((await call()).status).toBe(401);
  });
});

describe('accessibility', () => {
  const OWN = ['', '/profile', '/security', '/sessions', '/api-keys', '/connections'].map(
    (path) => `/settings${path}`,
  );
  const GUEST = ['/sign-in', '/sign-up', '/two-factor', '/studio'];
  const ALL = ['/forgot-password', '/reset-password?token=t', '/reset-password', '/verify-email?token=t'];

  async function violationsOf(looked: Page, paths: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const colorScheme of ['dark', 'light'] as const) {
      await looked.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const path of paths) {
        await looked.goto(path);
        await looked.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
        found.push(...(await findViolations(looked)).map((line) => `${path} ${colorScheme} ${line}`));
      }
    }
    return found;
  }

  it('has no violations on the pages of an account, nor in its menu', async () => {
    expect(await violationsOf(page, [...OWN, ...ALL])).toEqual([]);
    await accountButton(page).click();
    await page.getByRole('menu').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('is asked who they are before a change, where the sign-in is not recent', async () => {
    await page.route('**/api/auth/two-factor/disable', (route) =>
      route.fulfill({ status: 403, json: { code: 'recent_sign_in_required', detail: 'Show who you are.' } }),
    );
    await page.goto('/settings/security');
    const section = page.getByRole('region', { name: 'Authenticator app' });
    await section.getByRole('button', { name: 'Turn off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByLabel('Password', { exact: true }).fill('not my password');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('This is not your password.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await dialog.getByLabel('Password', { exact: true }).fill(nora.password);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await section.getByText('Turned off.').waitFor();
  });

  it('has no violations on the pages for strangers, also with errors shown', async () => {
    const stranger = await newPage();
    expect(await violationsOf(stranger.page, GUEST)).toEqual([]);
    await stranger.page.setViewportSize({ width: 390, height: 844 });
    await stranger.page.goto('/sign-up');
    await stranger.page.getByRole('button', { name: 'Create account' }).click();
    await stranger.page.getByText('Choose a password.').waitFor();
    expect(await findViolations(stranger.page)).toEqual([]);
    await stranger.context.close();
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(pageErrors).toEqual([]);
});
