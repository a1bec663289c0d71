import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations.ts';
import { startedInstallation } from './support/installation.ts';
import { type OidcServer, startOidcServer } from './support/oidc-server.ts';
import { accountButton, signOut, signUp, somebody } from './support/people.ts';

const nora = somebody();
const vera = somebody();
let company: OidcServer;

/** Who an employee is to the company. */
function claimantOf({ handle, email, name }: typeof nora) {
  return { sub: `sub-${handle}`, email, email_verified: true, name, preferred_username: handle };
}

const here = startedInstallation(async () => {
  company = await startOidcServer(claimantOf(nora));
  return company.settings;
});
let page: Page;
beforeAll(() => {
  ({ page } = here);
  company.register(here.product.url);
});
afterAll(() => company?.stop());

describe('a company’s own sign-in', () => {
  const button = (on: Page) => on.getByRole('button', { name: 'Continue with Linden & Co' });

  it('makes an account of who comes for the first time, and leads back', async () => {
    await page.goto('/sign-up?next=/settings/connections');
    expect(await findViolations(page)).toEqual([]);
    await button(page).click();
    await page.waitForURL(`${here.product.url}/settings/connections`);
    await accountButton(page).waitFor();
    const me = await (await page.request.get('/api/v1/me')).json();
    expect(me).toMatchObject({ handle: nora.handle, email: nora.email, emailVerified: true });
    expect(company.provider.asked.at(-1)?.get('code_challenge_method')).toBe('S256');
  });

  it('finds who was there before', async () => {
    await signOut(page);
    await page.goto('/sign-in?next=/settings/profile');
    await button(page).click();
    await page.waitForURL(`${here.product.url}/settings/profile`);
    expect(await page.getByLabel('Handle').inputValue()).toBe(nora.handle);
  });

  it('is not disconnected where there is no other way in', async () => {
    await page.goto('/settings/connections');
    await page.getByRole('button', { name: 'Disconnect Linden & Co' }).click();
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('says in words that an address is not confirmed there, or taken here', async () => {
    const { context, page: stranger } = await here.newPage();
    company.provider.person = { ...claimantOf(vera), email_verified: false };
    await stranger.goto('/sign-in');
    await button(stranger).click();
    await stranger.getByText('Your address is not confirmed there.').waitFor();
    // Somebody else there, under the address of who has an account here.
    company.provider.person = { ...claimantOf(vera), email: nora.email, email_verified: false };
    await stranger.goto('/sign-in');
    await button(stranger).click();
    await stranger.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    expect((await stranger.request.get('/api/v1/me')).status()).toBe(401);
    await context.close();
  });
});

describe('somebody with a password', () => {
  it('connects the company’s account, signs in by it, and disconnects it again', async () => {
    const { context, page } = await here.newPage();
    company.provider.person = { ...claimantOf(vera), email: 'vera@linden.example' };
    await page.goto('/sign-up?next=/settings/connections');
    await signUp(page, vera);
    await page.waitForURL(`${here.product.url}/settings/connections`);
    const section = page.getByRole('region', { name: 'Sign in with' });
    await section.getByRole('button', { name: 'Connect Linden & Co' }).click();
    await section.getByText('Connected', { exact: true }).waitFor();

    await signOut(page);
    await page.goto('/sign-in?next=/settings/connections');
    await page.getByRole('button', { name: 'Continue with Linden & Co' }).click();
    await page.waitForURL(`${here.product.url}/settings/connections`);
    expect((await (await page.request.get('/api/v1/me')).json()).email).toBe(vera.email);

    await section.getByRole('button', { name: 'Disconnect Linden & Co' }).click();
    await section.getByRole('button', { name: 'Connect Linden & Co' }).waitFor();
    await page.goto('/settings/security');
    await page.getByText('Another account connected: OpenID Connect').waitFor();
    await context.close();
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(here.pageErrors).toEqual([]);
});
