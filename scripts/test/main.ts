import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bundleApi } from '../platform/bundle.ts';
import { OFFLINE_ENV } from '../platform/offline.ts';
import { inRoot } from '../platform/paths.ts';
import { buildWeb } from '../start/web.ts';

async function vitest(args: string[]): Promise<boolean> {
  const run = spawn(process.execPath, [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...args], {
    stdio: 'inherit',
    cwd: inRoot('.'),
    env: { ...process.env, ...OFFLINE_ENV },
  });
  const [code] = await once(run, 'exit');
  return code === 0;
}

// Built once here, so that the tests which need the product do not build it side by side.
await buildWeb();
await bundleApi();
const chosen = process.argv.slice(2);
// What starts whole products has the machine for itself: beside transcodes, its clocks would run out.
const together = ['transcoder', 'worker', 'worker (node)', 'web', 'scripts'];
const runs =
  chosen.length > 0
    ? [chosen]
    : [together, ['start'], ['e2e']].map((names) => names.flatMap((name) => ['--project', name]));
for (const run of runs) if (!(await vitest(run))) process.exitCode = 1;
