import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';
import { call as callAs, uploadTrack } from './support/tracks.ts';

let product: Product;
let browser: Browser;
let page: Page;
const SHOTS = process.env.SCREENSHOTS;

async function open(path: string): Promise<void> {
  await page.goto(path);
  await page.waitForSelector('html[data-started]');
}

const call = <T>(path: string, method: string) => callAs<T>(page, path, method);

const rows = () => page.locator('ol[aria-label="Tracks of Rainy Sunday"] > li');
const order = () => rows().locator('.title').allTextContents();

/** Opens the dialog of a track by its menu. */
async function askToAdd(title: string): Promise<void> {
  await page
    .getByRole('button', { name: `More about ${title}` })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Add to playlist' }).click();
}

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
  await page.setViewportSize({ width: 1280, height: 900 });
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  await open('/sign-up');
  await signUp(page, somebody());
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('a playlist is made, filled from track rows, arranged by keyboard and by drag, and stays so', async () => {
  await call('/api/v1/me/artist', 'POST');
  for (const name of ['Alder', 'Birch', 'Cedar']) await uploadTrack(page, name);

  await open('/library/playlists');
  await page.getByText('No playlists yet').waitFor();
  await shoot('empty');
  await page.getByLabel('New playlist').fill('Rainy Sunday');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'Rainy Sunday' }).waitFor();
  await page.getByText('Nothing in it yet').waitFor();
  const { pathname } = new URL(page.url());

  for (const title of ['Alder', 'Birch', 'Cedar']) {
    const { items } = await call<{ items: { trackId: string; title: string }[] }>(
      '/api/v1/me/tracks?limit=10',
      'GET',
    );
    await open(`/track/${items.find((track) => track.title === title)?.trackId}`);
    await askToAdd(title);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Rainy Sunday/ })
      .click();
    await page.getByText('Added to Rainy Sunday').waitFor();
    if (title === 'Cedar') {
      await page.getByRole('button', { name: 'Done' }).click();
      await askToAdd(title);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Rainy Sunday/ })
        .click();
      await page.getByText('is in Rainy Sunday already').waitFor();
      await shoot('duplicate');
      await page.getByRole('button', { name: 'Skip' }).click();
    }
  }

  await open(pathname);
  expect(await order()).toEqual(['Alder', 'Birch', 'Cedar']);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findViolations(page)).toEqual([]);
  }
  await shoot('playlist');

  const answered = () =>
    page.waitForResponse((response) => response.url().endsWith('/moves') && response.ok());
  let moved = answered();
  await rows().nth(2).getByRole('button', { name: 'Move Cedar' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await moved;
  expect(await order()).toEqual(['Alder', 'Cedar', 'Birch']);
  await page.getByText('Cedar, now 2 of 3').waitFor({ state: 'attached' });

  moved = answered();
  const grip = await rows().nth(2).getByRole('button', { name: 'Move Birch' }).boundingBox();
  const first = await rows().nth(0).boundingBox();
  if (grip === null || first === null) throw new Error('the rows are not to be seen');
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(grip.x + grip.width / 2, first.y + 40, { steps: 8 });
  await page.mouse.up();
  await moved;
  expect(await order()).toEqual(['Birch', 'Alder', 'Cedar']);

  moved = answered();
  await page.getByRole('button', { name: 'Undo' }).click();
  await moved;
  await expect.poll(order).toEqual(['Alder', 'Cedar', 'Birch']);

  await page.getByLabel('Select Alder').check();
  const removed = page.waitForResponse((response) => response.url().endsWith('/removals'));
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await removed;
  await expect.poll(order).toEqual(['Cedar', 'Birch']);
  await shoot('removed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(order).toEqual(['Alder', 'Cedar', 'Birch']);

  await open(pathname);
  expect(await order()).toEqual(['Alder', 'Cedar', 'Birch']);
  await open('/library/playlists');
  await page.getByRole('link', { name: /Rainy Sunday/ }).waitFor();
  await shoot('library');
  expect(await findViolations(page)).toEqual([]);
}, 180_000);
