import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addVirtualAuthenticator, totpCode } from './support/factors.ts';
import { findViolations } from './support/find-violations.ts';
import { shownLines, startedInstallation } from './support/installation.ts';
import { accountButton, signIn, signOut, signUp, somebody } from './support/people.ts';

const nora = somebody();
const vera = { ...somebody(), name: 'Vera Wren' };

const here = startedInstallation();
let page: Page;
beforeAll(async () => {
  ({ page } = here);
  await page.goto('/sign-up');
  await signUp(page, nora);
  await accountButton(page).waitFor();
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
    [totpKey = ''] = await shownLines(page, 'Key');
    await section().getByLabel('Code', { exact: true }).fill('000000');
    await section().getByRole('button', { name: 'Turn on' }).click();
    await section().getByText('This code is wrong').waitFor();
    await section().getByLabel('Code', { exact: true }).fill(totpCode(totpKey, -1));
    await section().getByRole('button', { name: 'Turn on' }).click();
    recoveryCodes = await shownLines(page, 'Recovery codes');
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
    await page.waitForURL(`${here.product.url}/`);
  });

  it('is not asked for where the device is trusted, and still is on another one', async () => {
    await signOut(page);
    await page.goto('/sign-in');
    await signIn(page, nora);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recoveryCodes[1] ?? '');
    await page.getByLabel('Trust this device for 30 days').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${here.product.url}/`);
    await signOut(page);
    await page.goto('/sign-in?next=/settings/sessions');
    await signIn(page, nora);
    await page.waitForURL('**/settings/sessions');
    const other = await here.newPage();
    await other.page.goto('/sign-in?next=/settings/sessions');
    await signIn(other.page, nora);
    await other.page.waitForURL('**/two-factor?**');
    await other.context.close();
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
    const { context, page } = await here.newPage();
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
    // Chromium would answer by itself what is offered where the address is typed: the password is tried here.
    await device.setTouched(false);
    await page.goto('/sign-in?next=/settings/security');
    await signIn(page, vera);
    await page.waitForURL('**/two-factor?**');
    await page.getByText('Show your passkey to finish signing in.').waitFor();
    expect(await page.getByLabel('Code', { exact: true }).count(), 'there is no app').toBe(0);
    expect((await page.request.get('/api/v1/me')).status(), 'half signed in is not signed in').toBe(401);
    expect(await findViolations(page)).toEqual([]);
    await device.setTouched(true);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/settings/security');
    await accountButton(page).waitFor();
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

describe('a change', () => {
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
});

describe('what happened', () => {
  it('is told to whom it happened to, the newest first', async () => {
    await page.goto('/settings/security');
    const section = page.getByRole('region', { name: 'Recent activity' });
    const events = section.getByRole('listitem');
    expect(await events.first().textContent()).toContain('Two-factor sign-in turned off');
    await section.getByRole('button', { name: 'Show more' }).click();
    await events.nth(20).waitFor();
    const all = await events.allTextContents();
    for (const words of [
      'Passkey removed',
      'Signed in with a passkey',
      'Second factor confirmed with a recovery code',
    ]) {
      expect(
        all.some((line) => line.includes(words)),
        words,
      ).toBe(true);
    }
    await events.filter({ hasText: 'Chrome on Linux' }).first().waitFor();
  });

  it('is seen of everyone by admins, by handle, and by nobody else', async () => {
    await accountButton(page).click();
    await page.getByRole('menuitem', { name: 'Security events' }).click();
    await page.waitForURL('**/admin/security-events');
    await page
      .getByRole('listitem')
      .filter({ hasText: `@${vera.handle}` })
      .first()
      .waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Check the chain' }).click();
    await page.getByText(/^\d+ events checked: none was changed/).waitFor();
    await page.getByLabel('Of whom').fill(vera.handle);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL(`**/admin/security-events?handle=${vera.handle}`);
    const lines = page.locator('main').getByRole('listitem');
    await lines
      .filter({ hasText: `@${nora.handle}` })
      .first()
      .waitFor({ state: 'detached' });
    for (const line of await lines.allTextContents()) expect(line).toContain(`@${vera.handle}`);

    const other = await here.newPage();
    expect((await other.page.goto('/admin/security-events'))?.status()).toBe(404);
    await other.page.goto('/sign-up');
    await signUp(other.page, somebody());
    expect((await other.page.goto('/admin/security-events'))?.status()).toBe(404);
    expect((await other.page.request.get('/api/v1/security-events')).status()).toBe(403);
    await accountButton(other.page).click();
    await other.page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    expect(await other.page.getByRole('menuitem', { name: 'Security events' }).count()).toBe(0);
    await other.context.close();
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(here.pageErrors).toEqual([]);
});
