import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Returns where a Chromium is: CHROMIUM, the machine's own, or the one that npm carries. */
async function chromiumPath(): Promise<string> {
  const own = process.env.CHROMIUM ?? onPath();
  if (own !== undefined) return own;
  const { default: carried } = await import('@sparticuz/chromium');
  return carried.executablePath();
}

/** Starts a Chromium that talks to nobody but us. */
export async function startBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      '--headless',
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
