import type { Page } from 'playwright-core';

export interface Person {
  name: string;
  handle: string;
  email: string;
  password: string;
}

let serial = 0;

/** Returns somebody who has no account yet. */
export function somebody(): Person {
  const handle = `nora_${Date.now().toString(36)}${serial++}`;
  return { name: 'Nora Linden', handle, email: `${handle}@people.example`, password: 'a blackbird at four' };
}

/** Fills in and sends the sign-up page that is shown. */
export async function signUp(page: Page, { name, handle, email, password }: Person): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Handle').fill(handle);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-up'));
}

/** Fills in and sends the sign-in page that is shown. */
export async function signIn(
  page: Page,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs out by the account menu. */
export async function signOut(page: Page): Promise<void> {
  await accountButton(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in', exact: true }).filter({ visible: true }).first().waitFor();
}

/** The button that opens the account menu, on a desktop. */
export function accountButton(page: Page) {
  return page.getByRole('button', { name: /@/ }).filter({ visible: true });
}

/** Opens the newest mail to somebody in the outbox, and returns the link of its button. */
export async function linkInMail(page: Page, to: string, subject: RegExp): Promise<string> {
  await page.goto('/dev/outbox');
  await page.getByRole('link', { name: subject }).filter({ hasText: to }).first().click();
  const frame = page.frameLocator('iframe');
  const href = await frame.locator('a[href*="token="]').first().getAttribute('href');
  if (href === null) throw new Error('there is no link in this mail');
  return href;
}
