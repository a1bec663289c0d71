import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { signIn } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js*';
/** Stands for Cloudflare's script: draws a button that gives a token when it is pressed. */
const FAKE = `window.turnstile = {
  render(place, { sitekey, callback }) {
    const button = document.createElement('button');
    button.textContent = 'I am a person';
    button.onclick = () => callback('token-for-' + sitekey);
    place.append(button);
    return 'widget';
  },
  remove() {},
};`;

let product: Product;
let browser: Browser;
let page: Page;
const guess = { email: 'nora@people.example', password: 'not her password' };
/** What pages sent as the challenge's answer, one entry a try. */
const sent: (string | undefined)[] = [];
const refusedByPolicy: string[] = [];

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({
      TURNSTILE_SITE_KEY: 'a-site-key',
      TURNSTILE_SECRET: 'a-secret',
      // As in production: three tries at an account are free.
      RATE_LIMIT_FACTOR: '1',
    }),
    startBrowser(),
  ]);
  page = await browser.newPage({ baseURL: product.url });
  page.on('request', (request) => {
    if (request.url().endsWith('/sign-in/email')) sent.push(request.headers()['x-captcha-response']);
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refusedByPolicy.push(message.text());
  });
  await page.goto('/sign-in');
  await page.waitForSelector('html[data-started]');
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('the check is loaded when it is asked for and not before', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).hostname));
  await page.route(SCRIPT, (route) => route.abort());
  for (let i = 0; i < 3; i++) {
    await signIn(page, guess);
    await page.getByText('The email address or the password is wrong.').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).isEnabled();
  }
  expect(asked).not.toContain('challenges.cloudflare.com');
  await signIn(page, guess);
  await page.getByRole('dialog', { name: 'Are you a person?' }).waitFor();
  expect(asked).toContain('challenges.cloudflare.com');
});

it('says what to do where it cannot be loaded, and giving up sends nothing', async () => {
  await page.getByText('let challenges.cloudflare.com through').waitFor();
  expect(await findViolations(page)).toEqual([]);
  const tries = sent.length;
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nothing was sent.').waitFor();
  expect(sent).toHaveLength(tries);
});

it('sends the form once more with what the check gave', async () => {
  await page.unroute(SCRIPT);
  await page.route(SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: FAKE }));
  await signIn(page, guess);
  await page.getByRole('button', { name: 'I am a person' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => sent.at(-1)).toBe('token-for-a-site-key');
  // Nobody here vouches for that token, so the API does not let the form through.
  await page.getByRole('alert').waitFor();
  expect(refusedByPolicy).toEqual([]);
});
