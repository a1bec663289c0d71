import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { accountButton, linkInMail, signIn, signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const ida = somebody();

let product: Product;
let browser: Browser;
let page: Page;
let folder = '';
const pageErrors: string[] = [];

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  folder = await mkdtemp(join(tmpdir(), 'melro-copy-'));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: product.url });
  page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto('/sign-up');
  await signUp(page, ida);
  await accountButton(page).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** In both themes nothing is wrong with the page as it is, and on a phone it fits. */
async function expectAccessible(): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours on their way from one theme to the other are neither.
    await page.waitForFunction(() =>
      document.getAnimations().every(({ playState }) => playState !== 'running'),
    );
    expect(await findViolations(page), colorScheme).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe('a copy of my data', () => {
  it('is asked for in the settings, and fetched by the link in the mail', async () => {
    await page.goto('/settings/data');
    await page.getByRole('heading', { name: 'A copy of your data' }).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: 'Make a copy' }).click();
    await page.getByText(/Your copy is (being made|ready)/).waitFor();
    await page
      .getByText(/Your copy is ready until .* Open the link in the mail/)
      .waitFor({ timeout: 30_000 });
    expect(await page.getByRole('link', { name: /Download/ }).count()).toBe(0);
    await page.goto(await linkInMail(page, ida.email, /Your data is ready/));
    const fetching = page.waitForEvent('download');
    await page.getByRole('link', { name: /Download/ }).click();
    const fetched = await fetching;
    expect(fetched.suggestedFilename()).toMatch(/^melro-.*\.zip$/);
    const path = join(folder, 'copy.zip');
    await fetched.saveAs(path);
    const archive = await readFile(path, 'latin1');
    expect(archive.startsWith('PK')).toBe(true);
    expect(archive).toContain(ida.email);
    await expectAccessible();
  });
});

describe('leaving', () => {
  it('wants the handle typed, signs out, and says for how long one can come back', async () => {
    await page.goto('/settings/data');
    await page.getByLabel(/^Type your handle/).fill('somebody_else');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByText('Is not your handle.').waitFor();
    await page.getByLabel(/^Type your handle/).fill(ida.handle);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.waitForURL('**/cancel-deletion');
    await page.getByRole('heading', { name: 'Your account will be deleted' }).waitFor();
    expect(await accountButton(page).count()).toBe(0);
    await expectAccessible();
  });

  it('is told of on every page to who signs in again, who may keep the account', async () => {
    await page.goto('/sign-in');
    await signIn(page, ida);
    await accountButton(page).waitFor();
    await page.getByText('Your account will be deleted.').waitFor();
    await page.getByRole('link', { name: 'Keep it' }).click();
    await page.getByRole('heading', { name: 'Your account will be deleted' }).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: 'Keep my account' }).click();
    await page.getByRole('heading', { name: 'A copy of your data' }).waitFor();
    expect(await page.getByRole('link', { name: 'Keep it' }).count()).toBe(0);
  });

  it('is undone by the link in the mail too', async () => {
    await page.getByLabel(/^Type your handle/).fill(ida.handle);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.waitForURL('**/cancel-deletion');
    await page.goto(await linkInMail(page, ida.email, /Your account will be deleted/));
    await expectAccessible();
    await page.getByRole('button', { name: 'Keep my account' }).click();
    await page.getByRole('heading', { name: 'Your account stays' }).waitFor();
  });

  it('nothing broke on the way', () => {
    expect(pageErrors).toEqual([]);
  });
});
