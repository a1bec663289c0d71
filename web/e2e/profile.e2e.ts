import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { findViolations } from './support/find-violations.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const nora = somebody();

/** Left red, right blue, and far larger than may be sent: noise cannot be packed. */
async function largePicture(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const blue = { create: { width: 1000, height: 1200, channels: 3, background: '#0000ff' } } as const;
  return sharp({ create: { width: 2000, height: 1200, channels: 3, background: '#ff0000', noise } })
    .composite([
      {
        input: await sharp({ ...blue, create: { ...blue.create, background: '#ff0000' } })
          .png()
          .toBuffer(),
        left: 0,
        top: 0,
        blend: 'multiply',
      },
      { input: await sharp(blue).png().toBuffer(), left: 1000, top: 0, blend: 'multiply' },
    ])
    .png({ compressionLevel: 0 })
    .toBuffer();
}

async function open(path: string, on = page): Promise<void> {
  await on.goto(path);
  await on.waitForSelector('html[data-started]');
}

/** Returns whether the shown picture is rather red or rather blue. */
async function colourOf(url: string): Promise<string> {
  const response = await context.request.get(url);
  expect(response.headers()['content-type']).toBe('image/webp');
  const { channels } = await sharp(await response.body()).stats();
  return (channels[0]?.mean ?? 0) > (channels[2]?.mean ?? 0) ? 'red' : 'blue';
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  context = await browser.newContext({ baseURL: product.url, viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  await open('/sign-up');
  await signUp(page, nora);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('a picture is chosen, cut by keyboard alone, shown everywhere and taken away', async () => {
  await open('/settings/profile');
  const picture = await largePicture();
  expect(picture.length, 'more than may be sent').toBeGreaterThan(6_000_000);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: picture });
  const stage = page.getByRole('application');
  await stage.waitFor();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findViolations(page), colorScheme).toEqual([]);
  }
  await stage.focus();
  // The picture goes to the left until its right, blue end is in view.
  for (let i = 0; i < 8; i++) await page.keyboard.press('+');
  for (let i = 0; i < 12; i++) await page.keyboard.press('Shift+ArrowLeft');
  expect(Number(await page.getByRole('slider', { name: 'Zoom' }).inputValue())).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Use this' }).click();
  await page.getByRole('button', { name: 'Change your picture' }).waitFor();
  const own = page.locator('main .avatar img');
  const url = await own.getAttribute('src');
  expect(await colourOf(url ?? '')).toBe('blue');
  expect(await page.locator('.avatar img').count(), 'in the shell too').toBeGreaterThan(1);

  await page.getByLabel('About you').fill('Plays the harmonium.\nLives by the sea.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved').last().waitFor();
  await open(`/u/${nora.handle}`);
  await page.getByRole('heading', { name: nora.name, level: 1 }).waitFor();
  expect(await findViolations(page)).toEqual([]);

  await open('/settings/profile');
  await page.getByRole('button', { name: 'Remove your picture' }).click();
  await page.getByText('Removed').waitFor();
  expect(await page.locator('.avatar img').count()).toBe(0);
});

it('a file that is no picture is refused in words', async () => {
  await open('/settings/profile');
  const buffer = Buffer.from('not a picture');
  await page.locator('input[type=file]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer });
  await page.getByText('This browser cannot open the file as a picture.').waitFor();
});

it('a profile is rendered for strangers and their programs, until it is hidden', async () => {
  const strangers = await browser.newContext({ baseURL: product.url });
  const html = await (await strangers.request.get(`/u/${nora.handle.toUpperCase()}`)).text();
  expect(html).toContain(`<title>${nora.name} (@${nora.handle})`);
  expect(html).toContain('property="og:description" content="Plays the harmonium. Lives by the sea."');
  expect(html).not.toContain(nora.email);

  await open('/settings/privacy');
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('Only you').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  expect((await strangers.request.get(`/u/${nora.handle}`)).status()).toBe(404);
  expect((await strangers.request.get('/u/nobody_at_all')).status()).toBe(404);
  await open(`/u/${nora.handle}`);
  await page.getByText('Only you see this page.').waitFor();
  await strangers.close();
});
