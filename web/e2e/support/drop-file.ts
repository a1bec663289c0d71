import type { Page } from 'playwright-core';

/** Drops files on the page as a person does with the mouse. */
export async function dropFiles(
  page: Page,
  files: readonly { name: string; bytes: Buffer }[],
): Promise<void> {
  const transfer = await page.evaluateHandle(
    (list) => {
      const dropped = new DataTransfer();
      for (const { base64, name } of list) {
        const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        dropped.items.add(new File([data], name, { lastModified: 1_700_000_000_000 }));
      }
      return dropped;
    },
    files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('main', type, { dataTransfer: transfer });
  }
}

/** Drops one file. */
export function dropFile(page: Page, name: string, bytes: Buffer): Promise<void> {
  return dropFiles(page, [{ name, bytes }]);
}
