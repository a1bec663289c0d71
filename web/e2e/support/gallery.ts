import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, '../../screenshots');

/** Keeps a picture of the whole page under a name in web/screenshots, where `MELRO_GALLERY` is set. */
export async function forGallery(page: Page, name: string): Promise<void> {
  if (process.env.MELRO_GALLERY === undefined) return;
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
}
