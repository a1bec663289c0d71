import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { dropFile } from './support/drop-file.ts';
import { findViolations } from './support/find-violations.ts';
import { currentSeconds, heardRms } from './support/listen.ts';
import { makeWav } from './support/make-wav.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const DURATION_SECONDS = 100;
const SILENCE_RMS = 0.01;

let product: Product;
let browser: Browser;
let page: Page;
let trackPath: string;
const pageErrors: string[] = [];

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: product.url });
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

function button(name: string | RegExp) {
  return page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true });
}

/** The button of the player, whose name ends with what it plays. */
function playerButton(verb: 'Play' | 'Pause') {
  return page.getByRole('region', { name: 'Player' }).getByRole('button', { name: new RegExp(`^${verb}, `) });
}

async function chooseQuality(name: RegExp) {
  await button(/^Quality/).click();
  await page.getByRole('radio', { name }).check();
  await page.keyboard.press('Escape');
}

async function expectSoundAfter(seconds: number) {
  await expect.poll(() => currentSeconds(page), { timeout: 30_000 }).toBeGreaterThan(seconds);
  expect(await heardRms(page)).toBeGreaterThan(SILENCE_RMS);
}

/** The parts that the server has of an upload. */
async function receivedParts(fileName: string): Promise<number[]> {
  const response = await page.request.get('/api/v1/uploads');
  const { items } = (await response.json()) as {
    items: { fileName: string; receivedParts: number[] }[];
  };
  return items.find((upload) => upload.fileName === fileName)?.receivedParts ?? [];
}

describe('from a file to music', () => {
  it('leads from an empty home over the first account to the studio', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'It is quiet in here' }).waitFor();
    await page.getByRole('link', { name: 'Create your account' }).click();
    await signUp(page, somebody());
    await page.getByRole('heading', { name: 'Studio', level: 1 }).waitFor();
  });

  it('takes a file dropped on any page and shows its way to a track', async () => {
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('heading', { name: 'It is quiet in here' }).waitFor();
    await dropFile(page, 'Climbing Chord.wav', makeWav(DURATION_SECONDS));
    await page.getByText('1 file will become your first release').waitFor();
    await button('Create the artist').click();
    await page.waitForURL('**/studio/releases/rel_*');
    await page
      .getByRole('progressbar', { name: /Climbing Chord/ })
      .first()
      .waitFor();
    await button('Play Climbing Chord').waitFor({ timeout: 50_000 });
    const trackId = await page.locator('[data-track]').getAttribute('data-track');
    trackPath = `/track/${trackId}`;
    expect(trackPath).toMatch(/\/track\/trk_/);
  });

  it('publishes it once nothing is missing', async () => {
    await page.getByText('Recordings that can be played').waitFor({ timeout: 50_000 });
    expect(await button('Publish now').isDisabled()).toBe(true);
    await page.getByLabel('Title', { exact: true }).fill('Climbing Chords');
    await button('Go without a cover').click();
    await button('Publish now').click();
    await page.getByText('“Climbing Chords” is public.').waitFor();
  });

  it('plays what was uploaded, and it can be heard', async () => {
    await page.goto(trackPath);
    await page.getByText('Original').waitFor({ timeout: 50_000 });
    await button('Play').first().click();
    await expectSoundAfter(1);
    expect(await playerButton('Pause').getAttribute('aria-label')).toMatch(/^Pause, Climbing Chord by /);
  });

  it('switches the quality and shows what is playing', async () => {
    await chooseQuality(/^64 kbit/);
    const opener = button(/^Quality: 64 kbit\/s ?, now playing 64 kbit\/s$/);
    await opener.waitFor({ timeout: 30_000 });
    await expectSoundAfter(await currentSeconds(page));
  });

  it('switches to lossless at the same place', async () => {
    const before = await currentSeconds(page);
    await chooseQuality(/^Lossless/);
    await button(/now playing Lossless$/).waitFor({ timeout: 30_000 });
    await expectSoundAfter(before);
    expect(await currentSeconds(page)).toBeLessThan(before + 15);
    await chooseQuality(/^Auto/);
    await button(/^Quality: Auto · \d+ kbit/).waitFor({ timeout: 30_000 });
  });

  it('seeks where the waveform is pressed', async () => {
    const waveform = page.getByRole('slider', { name: /^Waveform/ });
    const { width, height } = (await waveform.boundingBox()) ?? { width: 0, height: 0 };
    await waveform.click({ position: { x: width / 2, y: height / 2 } });
    await expectSoundAfter(DURATION_SECONDS / 2);
    expect(await currentSeconds(page)).toBeLessThan(DURATION_SECONDS / 2 + 15);
    expect(await waveform.getAttribute('aria-valuetext')).toMatch(/^5\d seconds of 1 minute 40$|^1 minute/);
  });

  it('goes on playing while pages change', async () => {
    const before = await currentSeconds(page);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await expectSoundAfter(before);
  });
});

describe('the keyboard', () => {
  it('pauses and goes on with the space bar', async () => {
    await page.locator('main').focus();
    await page.keyboard.press('Space');
    await playerButton('Play').waitFor();
    await expect.poll(() => page.evaluate(() => document.querySelector('audio')?.paused)).toBe(true);
    await page.keyboard.press('Space');
    await playerButton('Pause').waitFor();
  });

  it('plays on after the space bar was hit an even number of times in a row', async () => {
    for (let i = 0; i < 6; i++) await page.keyboard.press('Space');
    const before = await currentSeconds(page);
    await playerButton('Pause').waitFor();
    await expectSoundAfter(before);
  });

  it('goes back five seconds with the left arrow', async () => {
    const before = await currentSeconds(page);
    await page.keyboard.press('ArrowLeft');
    expect(await currentSeconds(page)).toBeLessThan(before - 3);
  });

  it('mutes with M, and not while typing', async () => {
    const isMuted = () => page.evaluate(() => document.querySelector('audio')?.muted);
    await page.keyboard.press('m');
    expect(await isMuted()).toBe(true);
    await page.keyboard.press('m');
    expect(await isMuted()).toBe(false);
  });
});

describe('when something goes wrong', () => {
  it('gets over refused segments with a fresh grant, unnoticed', async () => {
    await page.goto(trackPath);
    await button('Play').first().click();
    await expectSoundAfter(0.5);
    let refused = 0;
    let isExpired = true;
    await page.route('**/media/**/*.m4s', async (route) => {
      if (!isExpired) return route.continue();
      refused += 1;
      return route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{}' });
    });
    await page.route('**/api/v1/playback', (route) => {
      isExpired = false;
      return route.continue();
    });
    await page.getByRole('slider', { name: /^Waveform/ }).press('End');
    await page.getByRole('slider', { name: /^Waveform/ }).press('PageDown');
    await expectSoundAfter(DURATION_SECONDS - 30);
    expect(refused).toBeGreaterThan(0);
    expect(await page.getByRole('alert').filter({ hasText: /\w/ }).count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('says what is wrong with a file that is no music', async () => {
    await page.goto('/studio');
    await page.locator('html[data-started]').waitFor();
    await dropFile(page, 'letter.mp3', Buffer.from('Dear listener, this is a letter. '.repeat(200)));
    await page
      .getByText(/does not look like a recording|not an audio file/)
      .first()
      .waitFor({ timeout: 30_000 });
  });

  it('goes on with an upload after a reload where it stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'melro-e2e-file-'));
    const file = join(folder, 'Long Chord.wav');
    await writeFile(file, makeWav(210));
    const sentParts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') sentParts.push(new URL(request.url()).pathname.split('/').at(-1) ?? '');
    });
    await page.goto('/studio');
    await page.locator('html[data-started]').waitFor();
    await page.route('**/parts/2', (route) => route.abort());
    await page.setInputFiles('input[type=file]', file);
    await expect.poll(() => receivedParts('Long Chord.wav'), { timeout: 20_000 }).toEqual([1]);
    page.once('dialog', (dialog) => dialog.accept());
    await page.reload();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.locator('html[data-started]').waitFor();
    await button('Choose the same file to go on').waitFor();
    sentParts.length = 0;
    await page.setInputFiles('[data-track] input[type=file]', file);
    await button('Play Long Chord').waitFor({ timeout: 50_000 });
    expect(sentParts).toEqual(['2']);
    await rm(folder, { recursive: true });
  });

  it('asks again for an access key that the API does not know, and goes on with one that it knows', async () => {
    await page.route(/\/api\/v1\/(me\/artists|me\/releases|uploads)\?/, (route) =>
      route.request().headers().authorization === 'Bearer open-sesame'
        ? route.fulfill({ json: { items: [], nextCursor: null } })
        : route.fulfill({ status: 401, json: { detail: 'Send an access token.', code: 'unauthenticated' } }),
    );
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await button('Enter a key').click();
    const field = page.getByRole('dialog').getByLabel('Access key', { exact: true });
    await field.fill('mistyped');
    await button('Use key').click();
    await page.getByRole('link', { name: 'Studio', exact: true }).click();
    await page.getByText('The key you gave is not valid here').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await field.fill('open-sesame');
    await button('Use key').click();
    await page.getByText('Under which name do you make music?').waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.evaluate(() => sessionStorage.clear());
  });

  it('answers an unknown address with a page that leads back', async () => {
    const response = await page.goto('/no/such/page');
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  });

  it('says so when the API is away, and recovers', async () => {
    await page.goto('/settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.route('**/api/v1/home', (route) => route.abort());
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('alert').getByText('This could not be loaded').waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  });
});

describe('accessibility', () => {
  const paths = () => [
    '/',
    '/new',
    '/genres',
    trackPath,
    '/studio',
    '/settings',
    '/developers',
    '/dev/outbox',
    '/no/such/page',
  ];

  it.each(['dark', 'light'] as const)('has no violations in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const path of paths()) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      if (path === trackPath) {
        await button('Play').first().click();
        await playerButton('Pause').waitFor();
        await button(/^Quality/).click();
      }
      found.push(...(await findViolations(page)).map((violation) => `${path} ${violation}`));
    }
    expect(found).toEqual([]);
  });

  it('has no violations on a phone with the player open', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(trackPath);
    await button('Play').first().click();
    await button(/^Open the player/).click();
    await page.getByRole('dialog', { name: 'Player' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });
});

it('logged no error and broke no policy on the way', () => {
  expect(pageErrors).toEqual([]);
});
