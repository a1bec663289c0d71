import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32 } from '../src/features/my-data/crc32.ts';
import { safeName, type ZipEntry, zipOf } from '../src/features/my-data/zip.ts';
import { unzip } from '../test/support/zip.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'melro-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const AT_MS = Date.UTC(2026, 10, 21, 20, 53, 42);
const text = (content: string) => new TextEncoder().encode(content);

async function* inChunks(bytes: Uint8Array, sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

async function* listed(entries: ZipEntry[]): AsyncGenerator<ZipEntry> {
  yield* entries;
}

describe('crc32', () => {
  it('is what zlib says it is, in whatever pieces the bytes come', () => {
    const bytes = new Uint8Array(randomBytes(10_007));
    for (const cut of [0, 1, 7, 8, 9, 4096, 10_006, 10_007]) {
      const crc = crc32(crc32(0, bytes.subarray(0, cut)), bytes.subarray(cut));
      expect(crc, `cut at ${cut}`).toBe(zlibCrc32(bytes));
    }
    expect(crc32(0, text('123456789'))).toBe(0xcbf43926);
  });
});

describe('an archive', () => {
  const recording = new Uint8Array(randomBytes(3_000_001));
  const entries = (): ZipEntry[] => [
    { path: 'profile.json', modifiedAtMs: AT_MS, content: text('{"name":"Ann"}') },
    { path: 'empty.json', modifiedAtMs: AT_MS, content: new Uint8Array(0) },
    { path: 'originals/upl_1/Дрозд — 第一.flac', modifiedAtMs: AT_MS, content: inChunks(recording, 65_521) },
    { path: 'originals/upl_2/nothing.wav', modifiedAtMs: 0, content: inChunks(new Uint8Array(0), 10) },
  ];

  it('is read by a strict reader to the byte', async () => {
    const files = unzip(new Uint8Array(Buffer.concat(await Array.fromAsync(zipOf(listed(entries()))))));
    expect([...files.keys()]).toEqual(entries().map(({ path }) => path));
    expect(new TextDecoder().decode(files.get('profile.json'))).toBe('{"name":"Ann"}');
    expect(
      Buffer.compare(files.get('originals/upl_1/Дрозд — 第一.flac') ?? new Uint8Array(0), recording),
    ).toBe(0);
  });

  it('is read by Python, which nobody here wrote, and by unzip where there is one', async ({ skip }) => {
    const path = join(folder, 'export.zip');
    await pipeline(Readable.from(zipOf(listed(entries()))), createWriteStream(path));
    const tools: [string, string[]][] = [
      ['unzip', ['-t', path]],
      ['python3', ['-m', 'zipfile', '-t', path]],
    ];
    const found: string[] = [];
    for (const [tool, args] of tools) {
      const isThere = await run(tool, ['--help']).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
      );
      if (!isThere) continue;
      found.push(tool);
      const { stdout } = await run(tool, args);
      expect(stdout, tool).toMatch(/No errors detected|Done testing/);
    }
    if (!found.includes('python3')) return skip('this machine has no python3');
    const script = `import hashlib, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(json.dumps({info.filename: [hashlib.sha256(archive.read(info)).hexdigest(), list(info.date_time)] for info in archive.infolist()}))`;
    await writeFile(join(folder, 'read.py'), script);
    const { stdout } = await run('python3', [join(folder, 'read.py'), path]);
    const read = JSON.parse(stdout) as Record<string, [string, number[]]>;
    expect(Object.keys(read)).toEqual(entries().map((entry) => entry.path));
    expect(read['originals/upl_1/Дрозд — 第一.flac']).toEqual([
      createHash('sha256').update(recording).digest('hex'),
      [2026, 11, 21, 20, 53, 42],
    ]);
    expect((await readFile(path)).length).toBeGreaterThan(recording.length);
  });

  it('is refused beyond what the format can say, rather than written wrong', async () => {
    const chunk = new Uint8Array(64 * 1024 * 1024);
    async function* endless() {
      for (;;) yield chunk;
    }
    let bytes = 0;
    const write = async () => {
      const entry = { path: 'a', modifiedAtMs: AT_MS, content: endless() };
      for await (const piece of zipOf(listed([entry]))) bytes += piece.length;
    };
    await expect(write()).rejects.toThrow(RangeError);
    expect(bytes).toBeLessThanOrEqual(0xffff_ffff);
  });
});

describe('safeName', () => {
  it.each([
    ['01 - First light.flac', '01 - First light.flac'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['a\\b:c*d?.wav', 'a_b_c_d_.wav'],
    ['\u202egalf.exe\u0000', '_galf.exe_'],
    ['...', '_'],
    ['', '_'],
    ['trailing. ', 'trailing_'],
  ])('makes of %j a name that leads nowhere', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});
