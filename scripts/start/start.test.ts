import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../platform/paths.ts';
import { descendantsOf, isRunning } from './processes.ts';

const START_MS = 120_000;
let dataDir = '';
const started: ChildProcess[] = [];

interface Run {
  child: ChildProcess;
  output(): string;
  exitCode: Promise<number | null>;
}

function run(env: Record<string, string>, nodeArgs: string[] = []): Run {
  const child = spawn(process.execPath, [...nodeArgs, inRoot('scripts/run.mjs'), './start/main.ts'], {
    cwd: inRoot('.'),
    env: { ...process.env, MELRO_DATA_DIR: dataDir, NO_COLOR: '1', ...env },
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { child, output: () => text, exitCode: once(child, 'exit').then(([code]) => code as number | null) };
}

async function freePort(): Promise<number> {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function until(holds: () => boolean): Promise<void> {
  const endsMs = Date.now() + START_MS;
  while (!holds()) {
    if (Date.now() > endsMs) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'melro-start-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('what stops a start ends it with one line and a non-zero exit code', () => {
  it('a port that somebody else holds', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, output } = run({ PORT: String(port) });
    expect(await exitCode).toBe(1);
    expect(output().trim()).toBe(`✗ Port ${port} is taken. Choose another: PORT=${port + 1} npm start`);
    other.close();
  });

  it('a port that is none', async () => {
    const { exitCode, output } = run({ PORT: 'five' });
    expect(await exitCode).toBe(1);
    expect(output().trim()).toMatch(/^✗ PORT is "five".*1 to 65535\.$/);
  });

  it('an old Node', async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.11.0"}})';
    const { exitCode, output } = run({}, ['--import', pretend]);
    expect(await exitCode).toBe(1);
    expect(output().trim().split('\n')).toHaveLength(1);
    expect(output()).toContain('need Node 24');
  });

  it('a transcoder that cannot start', async () => {
    const { exitCode, output } = run({ PORT: String(await freePort()), MAX_JOBS: 'many' });
    expect(await exitCode).toBe(1);
    expect(output().trim()).toMatch(/^✗ The transcoder did not start.*MAX_JOBS/);
  });

  it('a malformed setting, named with how to set it', async () => {
    const { exitCode, output } = run({ PORT: String(await freePort()), ACCESS_TOKENS: '{' });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/✗ Melro cannot start\. ACCESS_TOKENS must be JSON: run `npm run token/);
  });
});

describe('the end', () => {
  async function startWhole(): Promise<Run & { parts: number[]; port: number }> {
    const port = await freePort();
    const whole = run({ PORT: String(port) });
    await until(() => /Melro is at|✗/.test(whole.output()));
    expect(whole.output()).toContain(`Melro is at http://localhost:${port}`);
    const parts = descendantsOf(whole.child.pid ?? 0);
    expect(parts.length).toBeGreaterThanOrEqual(2);
    return { ...whole, parts, port };
  }

  it('by Ctrl-C stops every part, and the data folder is free again', async () => {
    const first = await startWhole();
    first.child.kill('SIGINT');
    expect(await first.exitCode).toBe(0);
    await until(() => !first.parts.some(isRunning));
    const second = await startWhole();
    second.child.kill('SIGTERM');
    expect(await second.exitCode).toBe(0);
    await until(() => !second.parts.some(isRunning));
  }, 300_000);

  it('by kill -9 leaves no part behind either', async () => {
    const { child, parts } = await startWhole();
    child.kill('SIGKILL');
    await until(() => !parts.some(isRunning));
  }, 200_000);

  it('of the transcoder ends the whole, with one line that says so', async () => {
    const { parts, exitCode, output } = await startWhole();
    const [transcoder = 0] = parts;
    process.kill(transcoder, 'SIGKILL');
    expect(await exitCode).toBe(1);
    expect(output()).toContain('✗ The transcoder ended (SIGKILL)');
    await until(() => !parts.some(isRunning));
  }, 200_000);

  it('is not needed twice: a second start on the same data is refused', async () => {
    const { child, exitCode } = await startWhole();
    const second = run({ PORT: String(await freePort()) });
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(/^✗ Melro already runs on the data in .* \(process \d+\)/);
    child.kill('SIGINT');
    await exitCode;
  }, 200_000);
});
