import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Requirements of ASVS 5.0.0, chapters V6 to V11, at levels 1 and 2: of each section the numbers. */
const REQUIREMENTS: Record<string, number[]> = {
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
  '9.1': [1, 2, 3],
  '9.2': [1, 2, 3, 4],
  '10.1': [1, 2],
  '10.2': [1, 2],
  '10.3': [1, 2, 3, 4],
  '10.4': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '10.5': [1, 2, 3, 4, 5],
  '10.6': [1, 2],
  '10.7': [1, 2, 3],
  '11.1': [1, 2],
  '11.2': [1, 2, 3],
  '11.3': [1, 2, 3],
  '11.4': [1, 2, 3, 4],
  '11.5': [1],
  '11.6': [1],
};

interface Row {
  number: string;
  level: string;
  met: string;
  where: string;
  shownBy: string;
}

let text = '';
let files: string[] = [];
let rows: Row[] = [];

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !/^(?:\..*|node_modules|dist|build)$/.test(name));
  const found = kept.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [relative(root, path)];
  });
  return (await Promise.all(found)).flat();
}

/** Returns the only file whose path ends like this. */
function fileOf(ending: string): string {
  const found = files.filter((path) => path === ending || path.endsWith(`/${ending}`));
  expect(found, `one file is called ${ending}`).toHaveLength(1);
  return found[0] ?? '';
}

function codeSpans(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}

beforeAll(async () => {
  text = await readFile(join(root, 'docs/security.md'), 'utf8');
  files = await filesBelow(root);
  rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+) \|(.*)\|$/gm)].map(([, number = '', rest = '']) => {
    const [level = '', , met = '', where = '', shownBy = ''] = rest.split('|').map((cell) => cell.trim());
    return { number, level, met, where, shownBy };
  });
});

describe('docs/security.md', () => {
  it('has every requirement of levels 1 and 2 once, in order', () => {
    const all = Object.entries(REQUIREMENTS).flatMap(([section, numbers]) =>
      numbers.map((number) => `${section}.${number}`),
    );
    expect(rows.map(({ number }) => number)).toEqual(all);
  });

  it('says of each whether it is met, where or why not, and what shows it', () => {
    for (const { number, level, met, where, shownBy } of rows) {
      expect(['1', '2'], number).toContain(level);
      expect(['yes', 'partly', 'no', '–'], number).toContain(met);
      expect(where.length, `${number} says where, or why not`).toBeGreaterThan(3);
      const isMet = met === 'yes' || met === 'partly';
      expect(shownBy === '' || /^by reading$|^`[^`]+ › /.test(shownBy), `${number}: ${shownBy}`).toBe(true);
      expect([number, shownBy !== '']).toEqual([number, isMet]);
    }
  });

  it('lists what is not met, or in part, and nothing else', () => {
    const listed = /^- \*\*Not met, or in part\*\*: ([\d., ]+)\. /m.exec(text)?.[1]?.split(', ');
    const missing = rows.filter(({ met }) => met === 'no' || met === 'partly');
    expect(listed).toEqual(missing.map(({ number }) => number));
  });

  it('names files that exist', () => {
    const named = codeSpans(text).filter((span) => /^[\w./+-]+\.(?:ts|md|svelte|toml)$/.test(span));
    expect(named.length).toBeGreaterThan(40);
    for (const name of named) fileOf(name);
  });

  it('names tests that exist', async () => {
    const shown = codeSpans(text).filter((span) => span.includes(' › '));
    expect(shown.length).toBeGreaterThan(50);
    for (const span of shown) {
      const [file = '', name = ''] = span.split(' › ');
      const source = await readFile(join(root, fileOf(file)), 'utf8');
      const isThere = ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
      expect([span, isThere]).toEqual([span, true]);
    }
  });
});
