import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { dropFiles } from './support/drop-file.ts';
import { findViolations } from './support/find-violations.ts';
import { forGallery } from './support/gallery.ts';
import { makeFlac } from './support/make-flac.ts';
import { signUp, somebody } from './support/people.ts';
import { type Product, startProduct } from './support/product.ts';

const TAGS = { ALBUM: 'Night Ferry', DATE: '2026', GENRE: 'Ambient' };
const SONGS = [
  { name: '10 Coda.flac', hz: 330, tags: { ...TAGS, TITLE: 'Coda' } },
  { name: '2 Harbour.flac', hz: 262, tags: { ...TAGS, TITLE: 'Harbour' } },
  { name: '1 Tide.flac', hz: 220, tags: { ...TAGS, TITLE: 'Tide' } },
];
/** Cron triggers do not fire by themselves here; the admin's sweep is the same one. */
const SWEEP = '/api/v1/operator/sweep';

let product: Product;
let browser: Browser;
let admin: BrowserContext;
let artist: BrowserContext;
let page: Page;
const pageErrors: string[] = [];

function watched(opened: Page): Page {
  const goto = opened.goto.bind(opened);
  opened.goto = async (url, options) => {
    const response = await goto(url, options);
    await opened.locator('html[data-started]').waitFor();
    return response;
  };
  opened.on('pageerror', (error) => pageErrors.push(error.message));
  return opened;
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startBrowser()]);
  const desk = { viewport: { width: 1440, height: 900 }, baseURL: product.url, timezoneId: 'Europe/Riga' };
  admin = await browser.newContext(desk);
  artist = await browser.newContext(desk);
  page = watched(await artist.newPage());
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

function button(name: string | RegExp) {
  return page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true });
}

function field(label: string) {
  return page.getByLabel(label, { exact: true }).filter({ visible: true });
}

/** Titles of the tracks as they are shown, from the top. */
async function titles(): Promise<string[]> {
  const fields = page.getByRole('textbox', { name: /^Title of track/ });
  return Promise.all((await fields.all()).map((input) => input.inputValue()));
}

/** What the API tells the artist of the release whose page is open. */
async function onServer(): Promise<{ state: string; title: string; tracks: { title: string }[] }> {
  const releaseId = new URL(page.url()).pathname.split('/').at(-1);
  return (await page.request.get(`/api/v1/releases/${releaseId}/edit`)).json();
}

async function saved(): Promise<void> {
  await page.getByRole('status').getByText('Saved', { exact: true }).first().waitFor();
}

describe('becoming an artist', () => {
  it('takes an account, one press and a name', async () => {
    const first = watched(await admin.newPage());
    await first.goto('/sign-up');
    await signUp(first, somebody());
    await first.close();
    await page.goto('/studio');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await signUp(page, somebody());
    await button('Become an artist').click();
    await page.getByRole('heading', { name: 'Under which name do you make music?' }).waitFor();
    expect(await field('Name of the artist').inputValue()).toBe('Nora Linden');
    expect(await findViolations(page)).toEqual([]);
    await field('Name of the artist').fill('The Ferrymen');
    await button('Create the artist').click();
    await page.getByText('Drop your first files.').waitFor();
    await forGallery(page, 'studio-empty');
    expect(await findViolations(page)).toEqual([]);
  });
});

describe('files that are dropped together', () => {
  it('become one draft in the order of their names; what is no recording is named', async () => {
    const files = SONGS.map(({ name, hz, tags }) => ({ name, bytes: makeFlac(3, hz, tags) }));
    await dropFiles(page, [...files, { name: 'notes.txt', bytes: Buffer.from('remember the bell') }]);
    await page.waitForURL('**/studio/releases/rel_*');
    await page.getByText('notes.txt was left out: it is not a recording.').waitFor();
    await expect.poll(titles, { timeout: 20_000 }).toHaveLength(3);
    await forGallery(page, 'studio-files-arriving');
  });

  it('fill it from their tags once they are ready', async () => {
    await page.getByText('Recordings that can be played').waitFor({ timeout: 90_000 });
    await expect.poll(titles).toEqual(['Tide', 'Harbour', 'Coda']);
    expect(await field('Title').inputValue()).toBe('Night Ferry');
    expect(await field('Release date').inputValue()).toBe('2026');
    await page.getByRole('list', { name: 'Genres so far' }).getByText('Ambient').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  it('can be listened to before anybody else', async () => {
    await button('Play Tide').click();
    await expect
      .poll(() => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0), { timeout: 30_000 })
      .toBeGreaterThan(0.3);
    await button('Pause Tide').click();
  });
});

describe('editing', () => {
  it('saves as one types, and what was typed is there after a reload', async () => {
    await field('Title').fill('Night Ferry to Riga');
    await field('Tags').fill('sea, sleep');
    await field('Tags').press('Enter');
    await saved();
    await page.reload();
    await page.locator('html[data-started]').waitFor();
    expect(await field('Title').inputValue()).toBe('Night Ferry to Riga');
    await page.getByRole('list', { name: 'Tags so far' }).getByText('sleep').waitFor();
  });

  it('says at the field what is wrong with it', async () => {
    await field('UPC or EAN').fill('123456789013');
    await field('UPC or EAN').blur();
    await page.getByText('Is no UPC or EAN: the last digit does not fit.').waitFor();
    await field('UPC or EAN').fill('');
    await field('UPC or EAN').blur();
    await saved();
  });

  it('moves tracks by keyboard alone, and says where they are now', async () => {
    await button('Move Coda').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('Coda: now 2 of 3').waitFor();
    expect(await titles()).toEqual(['Tide', 'Coda', 'Harbour']);
    await page.keyboard.press('Alt+ArrowUp');
    await page.keyboard.press('Alt+ArrowDown');
    await saved();
    await expect
      .poll(async () => (await onServer()).tracks.map(({ title }) => title))
      .toEqual(['Tide', 'Coda', 'Harbour']);
  });

  it('changes several tracks at once, and takes it back', async () => {
    await field('Select all').check();
    await button('Edit together').click();
    await field('Explicit').selectOption('yes');
    await forGallery(page, 'studio-bulk-edit');
    expect(await findViolations(page)).toEqual([]);
    await button('Change them').click();
    await page.getByText('3 tracks changed.').waitFor();
    expect(await page.getByTitle('Explicit').count()).toBe(3);
    await button('Undo').click();
    await expect.poll(() => page.getByTitle('Explicit').count()).toBe(0);
    await field('3 of 3 selected').uncheck();
  });

  it('opens a track for its version, its credits and its words', async () => {
    await button('Edit Harbour').click();
    const dialog = page.getByRole('dialog', { name: 'Harbour' });
    await dialog.getByLabel('Version').fill('Live in Riga');
    await dialog.getByLabel('Version').blur();
    await dialog.getByRole('tab', { name: 'Credits' }).click();
    await dialog.getByRole('button', { name: 'Add a credit' }).click();
    await dialog.getByLabel('Name of credit 1').fill('Ilze Ozola');
    await dialog.getByLabel('Role of credit 1').fill('featured');
    await dialog.getByRole('tab', { name: 'Lyrics' }).click();
    await dialog.getByLabel('Words', { exact: true }).fill('Out on the water\nnobody sleeps');
    await dialog.getByLabel('Words', { exact: true }).blur();
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('tab', { name: 'Audio' }).click();
    await dialog.getByText('Heard now').waitFor();
    await forGallery(page, 'studio-track');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('(Live in Riga)').waitFor();
    await page.getByText('with Ilze Ozola').waitFor();
  });

  it('takes a removed track back', async () => {
    await button('Remove Tide').click();
    await expect.poll(titles).toEqual(['Coda', 'Harbour']);
    await button('Undo').click();
    await expect.poll(titles).toEqual(['Tide', 'Coda', 'Harbour']);
  });

  it('takes a cover and cuts it', async () => {
    const picture = await page.screenshot({ clip: { x: 300, y: 100, width: 700, height: 700 } });
    await page.setInputFiles('[data-cover] input[type=file]', {
      name: 'cover.png',
      mimeType: 'image/png',
      buffer: picture,
    });
    await button('Use this').click();
    await page.locator('[data-cover] img').waitFor({ timeout: 30_000 });
    await page.getByText('A cover').waitFor();
    await button('Use this').waitFor({ state: 'detached' });
  });

  it.each(['dark', 'light'] as const)('has no violations in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await findViolations(page)).toEqual([]);
    await forGallery(page, `studio-release-1440-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await findViolations(page)).toEqual([]);
    await forGallery(page, `studio-release-390-${colorScheme}`);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

describe('publishing', () => {
  it('waits for its moment, and then a stranger sees it', async () => {
    const ahead = new Date(Date.now() + 90_000).toLocaleString('sv', { timeZone: 'Europe/Riga' });
    const [day = '', time = ''] = ahead.split(' ');
    await button('Schedule…').click();
    await field('Day').fill(day);
    await field('Time').fill(time.slice(0, 5));
    await forGallery(page, 'studio-schedule');
    expect(await findViolations(page)).toEqual([]);
    await button('Schedule').click();
    await page.getByText(/^Comes out on/).waitFor();
    expect((await onServer()).state).toBe('scheduled');
    const stranger = await browser.newContext({ baseURL: product.url });
    const { releaseId } = (await onServer()) as unknown as { releaseId: string };
    const read = () => stranger.request.get(`/api/v1/releases/${releaseId}`);
    expect((await read()).status()).toBe(404);
    const sweep = async () => {
      const origin = product.url;
      expect((await admin.request.post(SWEEP, { headers: { origin } })).ok()).toBe(true);
      return (await onServer()).state;
    };
    await expect.poll(sweep, { timeout: 120_000, interval: 5000 }).toBe('published');
    expect((await read()).status()).toBe(200);
    const visit = watched(await stranger.newPage());
    await visit.goto(`/release/${releaseId}`);
    await visit.getByRole('heading', { name: 'Night Ferry to Riga' }).waitFor();
    await visit.getByText('Harbour').first().waitFor();
    await forGallery(visit, 'release-published');
    await stranger.close();
  }, 150_000);

  it('is shown in the studio, and can be taken back', async () => {
    await page.reload();
    await page.locator('html[data-started]').waitFor();
    await button('Withdraw').click();
    await page.getByText('It is not public any more.').waitFor();
    expect((await onServer()).state).toBe('withdrawn');
    await button('Undo').click();
    await expect.poll(async () => (await onServer()).state).toBe('published');
    await page.getByRole('link', { name: 'Studio', exact: true }).first().click();
    await page.getByRole('link', { name: 'Night Ferry to Riga' }).waitFor();
    await forGallery(page, 'studio-home');
    expect(await findViolations(page)).toEqual([]);
  });
});

it('logged no error on the way', () => {
  expect(pageErrors).toEqual([]);
});
