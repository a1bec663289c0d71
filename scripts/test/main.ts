import { spawn } from 'node:child_process';
import { bundleApi } from '../platform/bundle.ts';
import { OFFLINE_ENV } from '../platform/offline.ts';
import { inRoot } from '../platform/paths.ts';
import { buildWeb } from '../start/web.ts';

// Built once here, so that the tests which need the product do not build it side by side.
await buildWeb();
await bundleApi();
const vitest = spawn(
  process.execPath,
  [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    cwd: inRoot('.'),
    env: { ...process.env, ...OFFLINE_ENV },
  },
);
vitest.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
