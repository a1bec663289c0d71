import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { expect, it } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';

const root = resolve(import.meta.dirname, '../..');
process.chdir(root);

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

async function violationsIn(folder: string): Promise<Violation[]> {
  const { output } = await cruise([folder], {
    ruleSet: configuration,
    validate: true,
    ...configuration.options,
  });
  if (typeof output === 'string') throw new Error(output);
  expect(output.summary.totalCruised, 'something was looked at').toBeGreaterThan(30);
  return output.summary.violations as Violation[];
}

it('no feature imports another, the gateway no database, the platform no feature, nothing a test', async () => {
  const told = (await violationsIn('worker/src')).map(
    ({ rule, from, to }) => `${rule.name}: ${from} → ${to}`,
  );
  expect(told).toEqual([]);
});

// The rules above are only as good as the tool's eyes; this reads the imports itself.
it('every import of a feature leads to itself, to the platform, to the contract or to a package', async () => {
  const features = join(root, 'worker/src/features');
  const names = (await readdir(features, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    const [feature = ''] = name.split('/');
    const text = await readFile(join(features, name), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (specifier.startsWith('.')) {
        const target = resolve(features, name, '..', specifier).slice(root.length + 1);
        const allowed =
          target.startsWith(`worker/src/features/${feature}/`) || target.startsWith('worker/src/platform/');
        expect(allowed, `${name} imports ${specifier}`).toBe(true);
      } else {
        expect(specifier, name).not.toMatch(/^@melro\/(?!transcoder\/contract$)/);
      }
      if (feature === 'media') expect(specifier, name).not.toMatch(/drizzle|\/db\.ts$/);
    }
  }
});
