import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';
import { call, uploadTrack } from './support/tracks.ts';

let product: Product;
let browser: Browser;
/** Whose playlists they are, and a friend. */
let nora: Page;
let ola: Page;
const SHOTS = process.env.SCREENSHOTS;

async function newPerson(): Promise<Page> {
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1280, height: 900 } });
  return context.newPage();
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForSelector('html[data-started]');
}

const rows = (page: Page) => page.locator('ol[aria-label^="Tracks of"] > li');
const order = (page: Page) => rows(page).locator('.title').allTextContents();

/** Looks at a screen as axe does and, where asked for, keeps pictures of it. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    // Buttons fade from one theme to the other; half-way their contrast is nobody's.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
    expect(await findViolations(page), `${name}, ${colorScheme}`).toEqual([]);
    if (SHOTS === undefined) continue;
    await mkdir(SHOTS, { recursive: true });
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }
}

/** Presses something, and waits until the API has answered the change it makes. */
async function changes(page: Page, path: string, act: () => Promise<void>): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().endsWith(path) && response.ok());
  await act();
  await answered;
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  [nora, ola] = await Promise.all([newPerson(), newPerson()]);
  await open(nora, '/sign-up');
  await signUp(nora, somebody());
  await call(nora, '/api/v1/me/artist', 'POST');
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('a link makes an editor of who opens it; both change the playlist and neither loses what the other did', async () => {
  const trackIds: string[] = [];
  for (const name of ['Alder', 'Birch', 'Cedar']) trackIds.push(await uploadTrack(nora, name));
  const { playlistId } = await call<{ playlistId: string }>(nora, '/api/v1/playlists', 'POST', {
    title: 'For the drive',
  });
  const entries = trackIds.map((trackId) => ({ trackId }));
  await call(nora, `/api/v1/playlists/${playlistId}/entries`, 'POST', { entries });

  await open(nora, `/playlist/${playlistId}`);
  await nora.getByRole('button', { name: 'Collaborators' }).click();
  await nora.getByText('Owner', { exact: true }).waitFor();
  await nora.getByRole('button', { name: 'Make a link' }).click();
  const link = await nora.getByLabel('Invitation link').inputValue();
  await look(nora, 'collaborators');

  const token = link.split('#')[1] ?? '';
  expect(token).toMatch(/^[\w-]{43}$/);
  const asked: string[] = [];
  ola.on('request', (request) => asked.push(request.url(), request.headers().referer ?? ''));
  await open(ola, link);
  await ola.getByRole('heading', { name: 'For the drive' }).waitFor();
  await expect.poll(() => new URL(ola.url()).hash).toBe('');
  await look(ola, 'invitation');
  await ola.getByRole('link', { name: 'Create account' }).click();
  await signUp(ola, { ...somebody(), name: 'Ola Birk' });
  await ola.getByRole('button', { name: 'Join playlist' }).click();
  await ola.waitForURL(`**/playlist/${playlistId}`);
  expect(asked.filter((url) => url.split('#')[0]?.includes(token))).toEqual([]);
  await expect.poll(() => order(ola)).toEqual(['Alder', 'Birch', 'Cedar']);

  // Nora's page still shows it as it was when she takes one out.
  await nora.getByRole('button', { name: 'Done' }).click();
  await changes(ola, '/moves', async () => {
    await ola.getByRole('button', { name: 'Move Cedar' }).focus();
    await ola.keyboard.press('Alt+ArrowUp');
  });
  await changes(nora, '/removals', async () => {
    await nora.getByLabel('Select Alder').check();
    await nora.getByRole('button', { name: 'Remove', exact: true }).click();
  });
  for (const page of [nora, ola]) {
    await open(page, `/playlist/${playlistId}`);
    expect(await order(page)).toEqual(['Cedar', 'Birch']);
  }

  await nora.getByRole('button', { name: 'Collaborators' }).click();
  await nora.getByText('Ola Birk').waitFor();
  await changes(nora, '', () => nora.getByRole('button', { name: /^Revoke the link/ }).click());
  await expect.poll(() => nora.getByRole('button', { name: /^Revoke/ }).count()).toBe(0);
  await open(ola, link);
  await ola.getByText('This link invites to nothing any more').waitFor();

  await open(ola, `/playlist/${playlistId}`);
  await ola.getByRole('button', { name: 'Collaborators' }).click();
  await ola.getByRole('button', { name: 'Leave this playlist' }).click();
  await look(ola, 'leave');
  await ola.getByRole('button', { name: 'Leave now' }).click();
  await ola.waitForURL('**/library/playlists');
  await ola.getByText('No playlists yet').waitFor();
}, 180_000);

it('rules are written by keyboard, previewed while they are, and can be changed later', async () => {
  await open(nora, '/library/playlists');
  await nora.getByRole('link', { name: 'New smart playlist' }).click();
  await nora.getByLabel('Title', { exact: true }).fill('Ends in der');
  await nora.getByText('No track matches now.').waitFor();
  await nora.getByLabel('Field of rule 1').selectOption('title');
  await nora.getByLabel('Comparison of rule 1').selectOption('contains');
  await nora.getByText('1 rule without a value is left out.').waitFor();
  await nora.getByLabel('Value of rule 1').fill('DER');
  const found = nora.getByRole('list', { name: 'Tracks that match' }).locator('.title');
  await expect.poll(async () => (await found.allTextContents()).toSorted()).toEqual(['Alder']);

  await nora.getByRole('button', { name: 'Add group to all rules' }).focus();
  await nora.keyboard.press('Enter');
  await nora.getByLabel('Field of rule 2.1').selectOption('lossless');
  await nora.getByRole('button', { name: 'Add rule to group 2' }).focus();
  await nora.keyboard.press('Enter');
  await expect
    .poll(() => nora.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Field of rule 2.2');
  await nora.getByLabel('Field of rule 2.2').selectOption('added');
  await nora.getByLabel('Sort by').selectOption('title');
  await expect.poll(() => found.allTextContents()).toEqual(['Alder']);
  await look(nora, 'smart-editor');

  await nora.getByRole('button', { name: 'Remove rule 2.2' }).focus();
  await nora.keyboard.press('Enter');
  await expect
    .poll(() => nora.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Add rule to group 2');
  await nora.getByRole('button', { name: 'Create smart playlist' }).click();
  await nora.getByRole('heading', { name: 'Ends in der' }).waitFor();
  expect(await order(nora)).toEqual(['Alder']);
  await nora.getByText('Its rules choose the tracks').waitFor();
  expect(await nora.getByRole('button', { name: 'Move Alder' }).count()).toBe(0);
  await look(nora, 'smart-playlist');

  await nora.getByRole('link', { name: 'Edit rules' }).click();
  expect(await nora.getByLabel('Value of rule 1').inputValue()).toBe('DER');
  await nora.getByRole('button', { name: 'Remove group 2' }).click();
  await nora.getByLabel('Value of rule 1').fill('r');
  await nora.getByLabel('Order').selectOption('down');
  await nora.getByRole('button', { name: 'Save rules' }).click();
  await nora.getByRole('heading', { name: 'Ends in der' }).waitFor();
  await expect.poll(() => order(nora)).toEqual(['Cedar', 'Birch', 'Alder']);
}, 120_000);
