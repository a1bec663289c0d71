import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linksOn, MAIL_PATHS } from '../src/features/mail/paths.ts';

const ROUTES = join(import.meta.dirname, '../../web/src/routes');
const source = (path: string) =>
  ['+page.svelte', '+page.ts']
    .map((file) => join(ROUTES, path, file))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

const links = Object.entries(linksOn('https://melro.example')).map(
  ([name, link]) => [name, new URL((link as (token: string) => string)('tok'))] as const,
);

describe('what mails lead to', () => {
  it('is every page that is named, and no other', () => {
    expect(links.map(([, { pathname }]) => pathname).toSorted()).toEqual(
      Object.values(MAIL_PATHS).toSorted(),
    );
  });

  it.each(links)('%s is a page of the web app', (_, { pathname }) => {
    expect(existsSync(join(ROUTES, pathname, '+page.svelte')), pathname).toBe(true);
  });

  it.each(links.filter(([, { searchParams }]) => searchParams.has('token')))(
    '%s takes the token that it is given',
    (_, { pathname }) => {
      expect(source(pathname)).toMatch(/searchParams\.get\('token'\)/);
    },
  );
});
