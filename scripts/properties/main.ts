import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { OFFLINE_ENV } from '../platform/offline.ts';
import { inRoot } from '../platform/paths.ts';

// The long form of a test that `npm test` runs shortly: other requests every time, and many more of them.
const { values } = parseArgs({ options: { runs: { type: 'string', default: '300' } } });
const test = ['--project', 'worker', '--testTimeout', '3600000', 'worker/test/api/properties.test.ts'];
const run = spawn(process.execPath, [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...test], {
  stdio: 'inherit',
  cwd: inRoot('.'),
  env: { ...process.env, ...OFFLINE_ENV, PROPERTY_RUNS: values.runs },
});
const [code] = await once(run, 'exit');
process.exitCode = code === 0 ? 0 : 1;
