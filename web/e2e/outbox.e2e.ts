import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { type Product, startProduct } from './support/product.ts';

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const pageErrors: string[] = [];

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: product.url });
  page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

async function post(path: string, json: unknown): Promise<number> {
  const headers = { 'content-type': 'application/json', origin: product.url, 'accept-language': 'en' };
  return (await fetch(product.url + path, { method: 'POST', headers, body: JSON.stringify(json) })).status;
}

// Through the real queue and consumer, from the request that has something to tell to the page that shows it.
it('a mail shows up by itself, is read, and its link leads to this installation', async () => {
  await page.goto('/dev/outbox');
  await page.getByText('No mail yet').waitFor();

  const email = 'ann@music.example';
  const person = { email, password: 'several quite ordinary words', name: 'Ann', handle: 'ann' };
  expect(await post('/api/auth/sign-up/email', person)).toBe(200);
  expect(await post('/api/auth/request-password-reset', { email })).toBe(200);
  const entry = page.getByRole('link', { name: /^Choose a new password/ });
  await entry.waitFor({ timeout: 30_000 });
  expect(await findViolations(page)).toEqual([]);

  await entry.click();
  const link = page.frameLocator('iframe').getByRole('link', { name: 'Choose a password' });
  const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
  expect(opened.url()).toMatch(new RegExp(`^${product.url}/reset-password\\?token=\\S{20,}$`));
  await opened.close();

  await page.getByText('Plain text').click();
  await page.getByText('Hello Ann,').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(pageErrors).toEqual([]);
});
