import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { currentSeconds, heardRms } from './support/listen.ts';
import { uploadTrack } from './support/page-api.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const SILENCE_RMS = 0.01;
/** Longer than what has to be heard before the history knows of it. */
const HEARD_SECONDS = 6;
const SHOTS = process.env.SCREENSHOTS;

let product: Product;
let browser: Browser;
let page: Page;
let trackPath: string;

async function open(path: string): Promise<void> {
  await page.goto(path);
  await page.waitForSelector('html[data-started]');
}

function button(name: string | RegExp) {
  return page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true });
}

const heard = () => page.getByRole('main').getByRole('link', { name: 'Climbing Chord', exact: true });

async function shoot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  for (const width of [390, 1440]) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Plays the track from its page until a play of it is one, and leaves. */
async function listen(): Promise<void> {
  await open(trackPath);
  await button('Play').first().click();
  await expect.poll(() => currentSeconds(page), { timeout: 30_000 }).toBeGreaterThan(HEARD_SECONDS);
  expect(await heardRms(page)).toBeGreaterThan(SILENCE_RMS);
  const told = page.waitForResponse((response) => response.url().endsWith('/api/v1/plays') && response.ok());
  await page
    .getByRole('region', { name: 'Player' })
    .getByRole('button', { name: /^Pause, / })
    .filter({ visible: true })
    .click();
  await told;
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await open('/sign-up');
  await signUp(page, somebody());
  await page.evaluate(() => fetch('/api/v1/me/artist', { method: 'POST' }));
  trackPath = `/track/${await uploadTrack(page, { title: 'Climbing Chord', seconds: 40 })}`;
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('stars are given, changed by the arrow keys, kept, and taken back', async () => {
  await open(trackPath);
  const stars = page.getByRole('radiogroup', { name: 'My rating of Climbing Chord' });
  const saved = () =>
    page.waitForResponse((response) => response.url().includes('/me/ratings/') && response.ok());
  const three = saved();
  await stars.getByTitle('3 stars').click();
  await three;
  const four = saved();
  await page.keyboard.press('ArrowRight');
  await four;
  await shoot('stars');
  await open(trackPath);
  await expect.poll(() => stars.getByRole('radio', { name: '4 stars' }).isChecked()).toBe(true);
  const none = saved();
  await button(/^Clear my rating/).click();
  await none;
  await open(trackPath);
  await button('Like Climbing Chord').waitFor();
  expect(await stars.getByRole('radio', { checked: true }).count()).toBe(0);
});

it('a like that is taken back by mistake is there again after Undo', async () => {
  await button('Like Climbing Chord').click();
  await expect.poll(() => button('Like Climbing Chord').getAttribute('aria-pressed')).toBe('true');
  await open('/library/likes');
  await heard().waitFor();
  await expect.poll(() => button('Like Climbing Chord').getAttribute('aria-pressed')).toBe('true');
  await shoot('likes');
  await button('Like Climbing Chord').click();
  await page.getByText('“Climbing Chord” is no longer among your likes.').waitFor();
  await heard().waitFor({ state: 'detached' });
  await shoot('likes-undo');
  const liked = page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().includes('/me/likes/track/'),
  );
  await button('Undo').click();
  await liked;
  await open('/library/likes');
  await heard().waitFor();
  await button('Play').first().click();
  await expect.poll(() => currentSeconds(page), { timeout: 30_000 }).toBeGreaterThan(1);
});

it('what was heard is in the history, under its day; a removal can be taken back, until it is one', async () => {
  await listen();
  await open('/library/history');
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  const before = await heard().count();
  expect(before).toBeGreaterThan(0);
  await button('Remove Climbing Chord from the history').first().click();
  await expect.poll(() => heard().count()).toBe(before - 1);
  await shoot('history-undo');
  await button('Undo').click();
  await expect.poll(() => heard().count()).toBe(before);
  await shoot('history');
  const gone = page.waitForResponse((response) => response.request().method() === 'DELETE' && response.ok());
  await button('Remove Climbing Chord from the history').first().click();
  await gone;
  await open('/library/history');
  expect(await heard().count()).toBe(before - 1);
});

it('a stretch of the history is cleared in two steps', async () => {
  await listen();
  await open('/library/history');
  await heard().first().waitFor();
  await button('Clear history…').click();
  await page.getByRole('dialog', { name: 'Clear history' }).waitFor();
  await shoot('history-clear');
  await button('Clear').click();
  await page.getByText('You have heard nothing yet').waitFor();
});

it('while the history is paused, nothing is noted; the settings know of it', async () => {
  const written = page.waitForResponse(
    (response) => response.url().endsWith('/history/settings') && response.request().method() === 'PUT',
  );
  await page.getByRole('switch', { name: /^Pause history/ }).click();
  await written;
  await listen();
  await open('/library/history');
  await page.getByText('You have heard nothing yet').waitFor();
  await open('/settings/privacy');
  await expect.poll(() => page.getByRole('switch', { name: /^Pause history/ }).isChecked()).toBe(true);
  await shoot('privacy');
});

it.each(['dark', 'light'] as const)('the library has no violations in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  for (const path of ['/library/likes', '/library/history', trackPath, '/settings/privacy']) {
    await open(path);
    expect(await findViolations(page), path).toEqual([]);
  }
});
