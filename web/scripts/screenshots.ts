/**
 * Writes a picture of every page, phone and desktop, dark and light, to web/screenshots.
 * Wants a running Melro: MELRO_URL, http://localhost:5173 unless it says otherwise.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../e2e/support/browser.ts';

const url = process.env.MELRO_URL ?? 'http://localhost:5173';
const FOLDER = join(import.meta.dirname, '../screenshots');
const SIZES = [
  { name: '390', viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: '820', viewport: { width: 820, height: 1180 }, hasTouch: true },
  { name: '1440', viewport: { width: 1440, height: 900 }, hasTouch: false },
];

/** What is photographed: a page, and what is done on it first. */
interface Shot {
  name: string;
  path: string;
  prepare?: (page: Page) => Promise<unknown>;
}

interface Home {
  newReleases: { slug: string; artist: { slug: string } }[];
  popularTracks: { trackId: string; artwork: unknown }[];
  genres: { slug: string }[];
}

async function readHome(): Promise<Home> {
  return (await (await fetch(`${url}/api/v1/home`)).json()) as Home;
}

async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play', exact: true }).filter({ visible: true }).first().click();
  await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5);
}

async function seekToThird(page: Page): Promise<void> {
  await play(page);
  const waveform = page.getByRole('slider', { name: /^Waveform/ });
  const { width } = (await waveform.boundingBox()) ?? { width: 0 };
  await waveform.click({ position: { x: width / 3, y: 40 } });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500);
}

function shots({ newReleases: [release], popularTracks, genres: [genre] }: Home): Shot[] {
  const trackId = (popularTracks.find(({ artwork }) => artwork !== null) ?? popularTracks[0])?.trackId;
  const always: Shot[] = [
    { name: 'home', path: '/' },
    { name: 'new', path: '/new' },
    { name: 'genres', path: '/genres' },
    { name: 'studio', path: '/studio' },
    { name: 'settings', path: '/settings' },
    { name: 'developers', path: '/developers' },
    { name: 'not-found', path: '/no/such/page' },
    { name: 'home-away', path: '/settings', prepare: showHomeWithoutApi },
  ];
  const ofTrack: Shot[] = [
    { name: 'track', path: `/track/${trackId}` },
    { name: 'track-playing', path: `/track/${trackId}`, prepare: seekToThird },
    {
      name: 'quality',
      path: `/track/${trackId}`,
      prepare: async (page) => {
        await play(page);
        const opener = page.getByRole('button', { name: /^Open the player/ }).filter({ visible: true });
        if ((await opener.count()) > 0) await opener.click();
        await page
          .getByRole('button', { name: /^Quality/ })
          .filter({ visible: true })
          .last()
          .click();
      },
    },
    {
      name: 'player',
      path: `/track/${trackId}`,
      prepare: async (page) => {
        await seekToThird(page);
        const opener = page.getByRole('button', { name: /^Open the player/ }).filter({ visible: true });
        if ((await opener.count()) > 0) await opener.click();
      },
    },
  ];
  return [
    ...always,
    ...(trackId === undefined ? [] : ofTrack),
    ...(release === undefined ? [] : ofRelease(release)),
    ...(genre === undefined ? [] : [{ name: 'genre', path: `/genre/${genre.slug}` }]),
  ];
}

function ofRelease({ slug, artist }: Home['newReleases'][number]): Shot[] {
  return [
    { name: 'artist', path: `/artist/${artist.slug}` },
    { name: 'release', path: `/artist/${artist.slug}/${slug}`, prepare: play },
  ];
}

async function showHomeWithoutApi(page: Page): Promise<void> {
  await page.route('**/api/v1/home', (route) => route.abort());
  await page.getByRole('link', { name: 'Home', exact: true }).filter({ visible: true }).click();
  await page.getByRole('alert').first().waitFor();
}

const only = process.argv.slice(2);
const home = await readHome();
await mkdir(FOLDER, { recursive: true });
const browser = await startBrowser();
for (const { name: size, ...device } of SIZES) {
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const { name, path, prepare } of shots(home)) {
      const file = `${name}-${size}-${colorScheme}`;
      if (only.length > 0 && !only.some((part) => file.includes(part))) continue;
      const context = await browser.newContext({ ...device, colorScheme, baseURL: url });
      const page = await context.newPage();
      await page.goto(path, { waitUntil: 'load' });
      try {
        await prepare?.(page);
      } catch (error) {
        console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
      // Covers and fonts settle; pages that follow a transcode never go quiet by themselves.
      await page.waitForTimeout(1200);
      await page.screenshot({ path: join(FOLDER, `${file}.png`) });
      await context.close();
    }
  }
}
await browser.close();
