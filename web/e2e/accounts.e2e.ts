import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations.ts';
import { startedInstallation } from './support/installation.ts';
import { accountButton, linkInMail, signIn, signOut, signUp, somebody } from './support/people.ts';

const NEW_PASSWORD = 'two blackbirds at five';
const nora = somebody();

const here = startedInstallation();
let page: Page;
beforeAll(() => {
  ({ page } = here);
});

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
    const other = await here.newPage();
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
      expect(new URL(page.url()).origin).toBe(here.product.url);
    }
  });
});

describe('sessions', () => {
  it('are listed, and ending one signs that device out', async () => {
    const other = await here.newPage();
    await other.page.goto('/sign-in');
    await signIn(other.page, nora);
    await other.page.waitForURL(`${here.product.url}/`);
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
    expect(new URL(link).origin).toBe(here.product.url);
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
    await page.waitForURL(`${here.product.url}/`);
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
  }, 180_000);

  it('has no violations on the pages for strangers, also with errors shown', async () => {
    const stranger = await here.newPage();
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
  expect(here.pageErrors).toEqual([]);
});
