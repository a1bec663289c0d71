import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startBrowser } from './browser.ts';
import { type Product, startProduct } from './product.ts';

/** The product and a browser, running as long as the tests of one file. */
export interface Installation {
  product: Product;
  browser: Browser;
  /** The first person's page. */
  page: Page;
  /** What pages threw or broke of the policy; empty where all is well. */
  pageErrors: string[];
  /** Opens a page in a browser context of its own: somebody else, or another device. */
  newPage(): Promise<{ context: BrowserContext; page: Page }>;
}

/** Starts the product and a browser before the tests of a file, and ends both after them. */
export function startedInstallation(
  settings: () => Record<string, string> | Promise<Record<string, string>> = () => ({}),
): Installation {
  const pageErrors: string[] = [];

  async function newPage() {
    const { product, browser } = installation;
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      baseURL: product.url,
    });
    const page = await context.newPage();
    // Buttons do nothing before their script is there, and a loaded machine takes its time.
    const goto = page.goto.bind(page);
    page.goto = async (url, options) => {
      const response = await goto(url, options);
      if (new URL(page.url()).origin === product.url) await page.locator('html[data-started]').waitFor();
      return response;
    };
    page.on('pageerror', (error) => pageErrors.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
    });
    return { context, page };
  }

  const installation = { pageErrors, newPage } as Installation;
  beforeAll(async () => {
    const [product, browser] = await Promise.all([startProduct(await settings()), startBrowser()]);
    Object.assign(installation, { product, browser });
    installation.page = (await newPage()).page;
  });
  afterAll(async () => {
    await installation.browser?.close();
    await installation.product?.stop();
  });
  return installation;
}

/** Returns what a page shows once under a label, line by line. */
export async function shownLines(page: Page, label: string): Promise<string[]> {
  const list = page.getByRole('list', { name: label });
  await list.waitFor();
  return list.getByRole('listitem').allTextContents();
}
