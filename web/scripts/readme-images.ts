/** Takes the pictures of the README, from a Melro (MELRO_URL) that holds the demonstration catalogue alone. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../e2e/support/browser.ts';

const url = process.env.MELRO_URL ?? 'http://localhost:5173';
const FOLDER = join(import.meta.dirname, '../../docs/images');
const VIEWPORT = { width: 1280, height: 800 };

async function isHeard(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5);
}

/** Plays on from the middle of the track whose page is shown. */
async function playFromMiddle(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).filter({ visible: true }).first().click();
  await isHeard(page);
  const waveform = page.getByRole('slider', { name: /^Waveform/ });
  const { width } = (await waveform.boundingBox()) ?? { width: 0 };
  await waveform.click({ position: { x: width * 0.4, y: 40 } });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2000);
}

await mkdir(FOLDER, { recursive: true });
const browser = await startBrowser();
for (const [colorScheme, name] of [
  ['dark', 'home-dark'],
  ['light', 'track-light'],
] as const) {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme, baseURL: url });
  await page.goto('/');
  await page.waitForSelector('html[data-started]');
  await page.getByRole('link', { name: 'Varanda', exact: true }).first().click();
  await page.waitForURL('**/artist/**');
  await page.getByRole('link', { name: 'Rua de Sombra', exact: true }).first().click();
  await page.waitForURL('**/track/**');
  await playFromMiddle(page);
  if (name === 'home-dark') {
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.waitForTimeout(1500);
  }
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.close();
}
await browser.close();
