import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { currentSeconds } from './support/listen.ts';
import { publishRelease } from './support/page-api.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

/** Longer than what has to be heard before the history knows of it. */
const TRACK_SECONDS = 20;
const HEARD_SECONDS = 6;
const SHOTS = process.env.SCREENSHOTS;

let product: Product;
let browser: Browser;
let page: Page;
let releasePath: string;
const pageErrors: string[] = [];

async function newPerson(): Promise<Page> {
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
  const own = await context.newPage();
  await own.goto('/sign-up');
  await own.waitForSelector('html[data-started]');
  await signUp(own, somebody());
  return own;
}

async function open(path: string): Promise<void> {
  await page.goto(path);
  await page.waitForSelector('html[data-started]');
}

async function shoot(name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/listener-${name}.png` });
}

const button = (name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .filter({ visible: true })
    .first();

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const artist = await newPerson();
  await artist.evaluate(() => fetch('/api/v1/me/artist', { method: 'POST' }));
  const { artistSlug, releaseSlug } = await publishRelease(artist, {
    artist: 'The Tides',
    title: 'Night Ferry',
    tracks: ['Alder', 'Birch', 'Cedar'],
    seconds: TRACK_SECONDS,
    genres: ['Dream pop'],
  });
  releasePath = `/artist/${artistSlug}/${releaseSlug}`;
  await artist.context().close();
  page = await newPerson();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe('a listener', () => {
  it('finds a release on the first page and plays it', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Night Ferry', exact: true }).click();
    await page.waitForURL(`**${releasePath}`);
    await page.getByRole('heading', { name: 'Night Ferry', level: 1 }).waitFor();
    expect(await page.locator('ol[aria-label="Tracks of Night Ferry"] .title').allTextContents()).toEqual([
      'Alder',
      'Birch',
      'Cedar',
    ]);
    await button('Play').click();
    await expect.poll(() => currentSeconds(page), { timeout: 30_000 }).toBeGreaterThan(HEARD_SECONDS);
    await shoot('release');
  });

  it('keeps the release and a track of it', async () => {
    for (const name of ['Like Night Ferry', 'Like Birch']) {
      await button(name).click();
      await expect.poll(() => button(name).getAttribute('aria-pressed')).toBe('true');
    }
    await page.getByRole('link', { name: 'Library', exact: true }).click();
    await page.waitForURL('**/library/likes');
    await page.getByRole('link', { name: 'Birch', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Releases', exact: true }).click();
    await page.getByRole('heading', { name: 'Night Ferry' }).waitFor();
    await shoot('releases');
  });

  it('follows the artist from their page', async () => {
    await page.getByRole('link', { name: 'The Tides', exact: true }).first().click();
    await page.getByRole('heading', { name: 'The Tides', level: 1 }).waitFor();
    await button('Follow The Tides').click();
    await page.getByText('Following').waitFor();
    await open('/library/artists');
    await page.getByRole('heading', { name: 'The Tides' }).waitFor();
  });

  it('collects tracks in a playlist and arranges them', async () => {
    await open('/library/playlists');
    await page.getByLabel('New playlist').fill('On deck');
    await button('Create').click();
    await page.getByRole('heading', { name: 'On deck' }).waitFor();
    const { pathname } = new URL(page.url());
    await open(releasePath);
    for (const title of ['Alder', 'Birch']) {
      await button(`More about ${title}`).click();
      await page.getByRole('menuitem', { name: 'Add to playlist' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^On deck/ })
        .click();
      await page.getByText('Added to On deck').waitFor();
      await button('Done').click();
    }
    await open(pathname);
    const order = () => page.locator('ol[aria-label="Tracks of On deck"] .title').allTextContents();
    expect(await order()).toEqual(['Alder', 'Birch']);
    const moved = page.waitForResponse((response) => response.url().endsWith('/moves') && response.ok());
    await button('Move Birch').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await moved;
    await open(pathname);
    expect(await order()).toEqual(['Birch', 'Alder']);
  });

  it('finds what was played in the history, and takes it out again', async () => {
    await open('/library/history');
    const alder = page.getByRole('link', { name: 'Alder', exact: true });
    await alder.waitFor();
    await shoot('history');
    await button('Remove Alder from the history').click();
    await alder.waitFor({ state: 'detached' });
    await open('/library/history');
    await page.getByText('You have heard nothing yet').waitFor();
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(pageErrors).toEqual([]);
});
