/** The service around the jobs: slots, limits, clients that go away, signals, the environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { MAX_ORIGINAL_BYTES } from '../src/contract.ts';
import { makeMusic, makeSilence, writeWav } from './support/audio.ts';
import { readAnswer, startService, type TestService, transcode } from './support/service.ts';

const short = writeWav(makeMusic(44_100, 44_100, 2));
/** Twenty minutes in ten megabytes: keeps an encoder busy until somebody stops it. */
const long = writeWav(makeSilence(20 * 60 * 8000, 8000, 1), { format: 'u8' });

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(environment: Record<string, string> = {}): Promise<TestService> {
  const service = await startService('auto', environment);
  cleanups.push(service.stop);
  return service;
}

async function health(
  address: string,
): Promise<{ status: string; jobs: { running: number; capacity: number } }> {
  const response = await fetch(`${address}/healthz`);
  return (await response.json()) as { status: string; jobs: { running: number; capacity: number } };
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts a long job and resolves once its first objects arrive. */
async function startLongJob(
  address: string,
): Promise<{ reader: ReadableStreamDefaultReader<Uint8Array>; abort(): void }> {
  const controller = new AbortController();
  const response = await fetch(`${address}/transcode`, {
    method: 'POST',
    body: new Uint8Array(long),
    signal: controller.signal,
  });
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  await reader.read();
  return { reader, abort: () => controller.abort() };
}

/** Processes whose working directory is one of the service's job folders (Linux only). */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

describe('slots', () => {
  test('refuses with 503 and Retry-After when all are busy, and serves again afterwards', async () => {
    const service = await start({ MAX_JOBS: '1' });
    const { address } = service.transcoder;
    const job = await startLongJob(address);
    expect(await health(address)).toMatchObject({ status: 'ok', jobs: { running: 1, capacity: 1 } });
    const refused = await fetch(`${address}/transcode`, { method: 'POST', body: new Uint8Array(short) });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    job.abort();
    await until(async () => (await health(address)).jobs.running === 0);
    expect((await transcode(service, short)).manifest?.sampleCount).toBe(44_100);
  });

  test('a picture does not wait for a transcode, and is refused while as many pictures are being made', async () => {
    const service = await start({ MAX_JOBS: '1' });
    const { address } = service.transcoder;
    const job = await startLongJob(address);
    const canvas = { create: { width: 4000, height: 4000, channels: 3, background: 'red' } } as const;
    const picture = new Uint8Array(await sharp(canvas).png().toBuffer());
    const ask = (): Promise<Response> => fetch(`${address}/artwork`, { method: 'POST', body: picture });
    const answers = await Promise.all([ask(), ask(), ask()]);
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(503);
    expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('5');
    expect((await ask()).status).toBe(200);
    job.abort();
  });

  test('two jobs at once give what each alone gives', async () => {
    const service = await start({ MAX_JOBS: '2' });
    const other = writeWav(makeMusic(2 * 48_000, 48_000, 1));
    const [first, second] = await Promise.all([transcode(service, short), transcode(service, other)]);
    expect(first.manifest?.sampleCount).toBe(44_100);
    expect(second.manifest).toMatchObject({ sampleCount: 96_000, channels: 1 });
    expect(await service.jobFolders()).toEqual([]);
  });
});

test('a client that goes away takes its ffmpeg with it', async () => {
  const service = await start();
  const job = await startLongJob(service.transcoder.address);
  const [folder] = await service.jobFolders();
  expect(folder).toMatch(/^job-/);
  if (existsSync('/proc/self/cwd')) {
    const path = join(service.workFolder, 'tmp');
    await until(() => processesOf(path).length > 0);
    job.abort();
    await until(() => processesOf(path).length === 0);
  }
  job.abort();
  await until(async () => (await service.jobFolders()).length === 0);
  await until(() => service.logs.some(({ outcome }) => outcome === 'aborted'));
});

test('a client that reads nothing holds the encoder back instead of filling memory', async () => {
  const service = await start();
  const before = process.memoryUsage.rss();
  const { abort } = await startLongJob(service.transcoder.address);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
  abort();
});

test('an upload that breaks off leaves nothing behind', async () => {
  const service = await start();
  const { hostname, port } = new URL(service.transcoder.address);
  const request = httpRequest({ hostname, port, path: '/transcode', method: 'POST' });
  request.on('error', () => undefined);
  request.write(short.subarray(0, 10_000));
  await until(async () => (await service.jobFolders()).length === 1);
  request.destroy();
  await until(async () => (await service.jobFolders()).length === 0);
});

test('too large an original is 413 before it is read', async () => {
  const service = await start();
  const { hostname, port } = new URL(service.transcoder.address);
  const status = await new Promise<number>((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path: '/transcode',
      method: 'POST',
      headers: { 'content-length': MAX_ORIGINAL_BYTES + 1 },
    });
    request.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      request.destroy();
    });
    request.on('error', reject);
    request.write(short.subarray(0, 100));
  });
  expect(status).toBe(413);
  expect(await service.jobFolders()).toEqual([]);
});

test('other paths and methods', async () => {
  const { transcoder } = await start();
  const status = async (method: string, path: string): Promise<number> =>
    (await fetch(`${transcoder.address}${path}`, { method })).status;
  expect(await status('GET', '/')).toBe(404);
  expect(await status('GET', '/transcode')).toBe(405);
  expect(await status('POST', '/healthz')).toBe(405);
  expect(await status('HEAD', '/healthz')).toBe(200);
});

describe('as a process', () => {
  async function run(
    environment: Record<string, string>,
  ): Promise<{ child: ChildProcess; output: () => string; exit: Promise<number | null> }> {
    const workFolder = await mkdtemp(join(tmpdir(), 'melro-test-'));
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, PORT: '0', WORK_DIR: workFolder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
    cleanups.push(async () => {
      child.kill('SIGKILL');
      await exit;
      await rm(workFolder, { recursive: true, force: true });
    });
    return { child, output: () => output, exit };
  }

  async function addressOf(output: () => string): Promise<string> {
    await until(() => output().includes('listening'));
    const match = /^listening (http:\/\/127\.0\.0\.1:\d+) ffmpeg=(native|embedded) \S+$/m.exec(output());
    if (!match?.[1]) throw new Error(output());
    return match[1];
  }

  test('SIGTERM finishes running jobs, refuses new ones and ends with 0', async () => {
    const { child, output, exit } = await run({});
    const address = await addressOf(output);
    const body = writeWav(makeMusic(20 * 44_100, 44_100, 2));
    const response = await fetch(`${address}/transcode`, { method: 'POST', body: new Uint8Array(body) });
    child.kill('SIGTERM');
    await until(async () => (await health(address)).status === 'draining');
    const refused = await fetch(`${address}/transcode`, { method: 'POST', body: new Uint8Array(short) });
    expect(refused.status).toBe(503);
    if (!response.body) throw new Error('no body');
    expect((await readAnswer(response.body)).manifest?.sampleCount).toBe(20 * 44_100);
    expect(await exit).toBe(0);
    expect(output()).toMatch(/"outcome":"done"/);
  });

  test('a second SIGTERM ends it at once', async () => {
    const { child, output, exit } = await run({});
    const address = await addressOf(output);
    await startLongJob(address);
    child.kill('SIGTERM');
    await until(async () => (await health(address)).status === 'draining');
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
  });

  test('a start removes the folders of a process that is gone, and no others', async () => {
    const workFolder = await mkdtemp(join(tmpdir(), 'melro-test-'));
    cleanups.push(() => rm(workFolder, { recursive: true, force: true }));
    // Beyond the highest process id of Linux, so that no process can have it.
    for (const name of ['job-99999999-0123abcd', `job-${process.pid}-0123abcd`, 'other']) {
      await mkdir(join(workFolder, 'tmp', name), { recursive: true });
      await writeFile(join(workFolder, 'tmp', name, 'source'), 'left behind');
    }
    const { output } = await run({ WORK_DIR: workFolder });
    await addressOf(output);
    expect(readdirSync(join(workFolder, 'tmp')).toSorted()).toEqual([`job-${process.pid}-0123abcd`, 'other']);
  });

  test.for([
    [{ PORT: 'abc' }, /^transcoder: PORT="abc" must be a whole number from 0 to 65535$/],
    [{ MAX_JOBS: '0' }, /^transcoder: MAX_JOBS="0" must be a whole number from 1 to 1024$/],
    [{ FFMPEG: 'best' }, /^transcoder: FFMPEG="best" must be auto, native or embedded$/],
    [
      { FFMPEG: 'native', PATH: '/nonexistent' },
      /^transcoder: FFMPEG=native, but ffmpeg and ffprobe are not both on PATH$/,
    ],
    [{ WORK_DIR: '/dev/null/here' }, /^transcoder: .*\/dev\/null\/here/],
  ] as const)('%o stops the start with one line', async ([environment, line]) => {
    const { output, exit } = await run(environment);
    expect(await exit).toBe(1);
    expect(output().trimEnd()).toMatch(line);
    expect(output().trimEnd()).not.toContain('\n');
  });
});
