import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeFlac } from '../demo/flac/flac-writer.ts';
import { ApiClient } from '../lib/api-client.ts';
import { FakeMelro } from '../lib/fake-melro.ts';
import { LiveLine } from '../lib/live-line.ts';
import { groupByAlbum, type Song } from './albums.ts';
import { importSongs, noteTags } from './import-songs.ts';
import { ImportProgress } from './progress.ts';
import { Report } from './report.ts';
import { readTags } from './tags.ts';
import { walk } from './walk.ts';

let folder: string;
let melro: FakeMelro;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'melro-import-'));
  melro = new FakeMelro(4096);
  url = await melro.start();
});

afterEach(async () => {
  await melro.stop();
  await rm(folder, { recursive: true });
});

function flac(seed: number, tags: Record<string, string>, withCover = false): Uint8Array {
  const wave = Int32Array.from({ length: 4000 }, (_, i) =>
    Math.round(9000 * Math.sin(i * 0.01 * (seed + 1))),
  );
  const picture = { mediaType: 'image/png', bytes: randomBytes(64), widthPixels: 1, heightPixels: 1 };
  return encodeFlac(wave, wave, { sampleRate: 44_100, tags, ...(withCover ? { picture } : {}) });
}

async function run(signal = new AbortController().signal): Promise<Report> {
  const report = new Report();
  const found = await walk(folder);
  const songs: Song[] = [];
  for (const file of found.files) songs.push({ ...file, tags: await readTags(file.path) });
  noteTags(report, songs, found.foldersWithCover);
  const silent = new LiveLine({ write: () => true });
  await importSongs({
    client: new ApiClient({ baseUrl: url, signal, retry: { attempts: 2, firstWaitSeconds: 0.01 } }),
    albums: groupByAlbum(songs),
    concurrency: 2,
    report,
    progress: new ImportProgress(silent, { files: songs.length, bytes: 1 }),
    signal,
  });
  return report;
}

test('the walk names what it cannot read and is not caught by circles', async () => {
  await mkdir(join(folder, 'album'));
  await writeFile(join(folder, 'album', '2.mp3'), 'x');
  await writeFile(join(folder, 'album', '10.MP3'), 'x');
  await writeFile(join(folder, 'album', 'Cover.JPG'), 'x');
  await writeFile(join(folder, 'album', '._2.mp3'), 'x');
  await writeFile(join(folder, 'notes.txt'), 'x');
  await symlink(folder, join(folder, 'album', 'circle'));
  await symlink(tmpdir(), join(folder, 'album', 'up'));
  await symlink(join(folder, 'gone'), join(folder, 'dead.flac'));
  const result = await walk(folder);
  expect(result.files.map(({ relativePath }) => relativePath)).toEqual(['album/2.mp3', 'album/10.MP3']);
  expect(result.problems.map(({ relativePath, code }) => `${relativePath} ${code}`)).toEqual([
    'album/circle linked_folder',
    'album/up linked_folder',
    'dead.flac ENOENT',
  ]);
  expect([...result.foldersWithCover]).toEqual([join(folder, 'album')]);
});

test('songs are grouped by album and ordered by disc and number', async () => {
  const tag = (title: string, disc: string, number: string) => ({
    TITLE: title,
    ARTIST: title === 'b' ? 'Guest' : 'Band',
    ALBUMARTIST: 'Band',
    ALBUM: 'Long Player',
    DISCNUMBER: disc,
    TRACKNUMBER: number,
  });
  await writeFile(join(folder, 'x.flac'), flac(1, tag('c', '2', '1')));
  await writeFile(join(folder, 'y.flac'), flac(2, tag('b', '1', '10'), true));
  await writeFile(join(folder, 'z.flac'), flac(3, tag('a', '1', '9')));
  await writeFile(join(folder, 'loose.wav'), 'RIFF');
  const { files } = await walk(folder);
  const songs = await Promise.all(files.map(async (file) => ({ ...file, tags: await readTags(file.path) })));
  const albums = groupByAlbum(songs);
  expect(albums.map(({ artist, name, songs: inside }) => [artist, name, inside.length])).toEqual([
    ['Band', 'Long Player', 3],
    ['Unknown artist', folder.split('/').at(-1), 1],
  ]);
  expect(albums[0]?.songs.map(({ tags }) => tags?.title)).toEqual(['a', 'b', 'c']);
  const report = new Report();
  noteTags(report, songs, new Set([folder]));
  expect(report).toMatchObject({ untagged: 1, folderCoverOnly: 3 });
  expect(report.lines().join('\n')).toContain(
    '3 files without an embedded cover will show a generated cover',
  );
});

test('a second run skips everything; duplicates and failures are named', async () => {
  const song = flac(1, { TITLE: 'one' });
  await writeFile(join(folder, 'a.flac'), song);
  await writeFile(join(folder, 'b.flac'), song);
  await writeFile(join(folder, 'c.mp3'), 'this is no music');
  melro.verdict = (name) =>
    name === 'c.mp3' ? { code: 'unsupported_format', detail: 'This is not a recording.' } : null;
  const first = await run();
  expect(first).toMatchObject({ imported: 1, alreadyThere: 0 });
  expect(first.duplicates.map(({ file, of }) => [file, of].sort())).toEqual([['a.flac', 'b.flac']]);
  expect(first.lines()).toContain('  c.mp3: This is not a recording. (unsupported_format)');
  const puts = melro.count('PUT');
  const second = await run();
  expect(second).toMatchObject({ imported: 0, alreadyThere: 1 });
  expect(second.failures[0]).toMatchObject({ file: 'c.mp3', code: 'unsupported_format' });
  expect(melro.count('PUT')).toBe(puts);
});

test('songs come out on releases of their artists, once, and what is not whole is held back', async () => {
  const tags = (ALBUM: string, TITLE: string) => ({ ALBUM, TITLE, ALBUMARTIST: 'Band', ARTIST: 'Band' });
  await writeFile(join(folder, '1.flac'), flac(1, tags('Whole', 'one')));
  await writeFile(join(folder, '2.flac'), flac(2, tags('Whole', 'two')));
  await writeFile(join(folder, '3.flac'), flac(3, tags('Broken', 'three')));
  await writeFile(join(folder, '4.flac'), flac(4, { TITLE: 'alone', ARTIST: 'Soloist' }));
  melro.verdict = (name) => (name === '3.flac' ? { code: 'corrupt_media', detail: 'It is broken.' } : null);
  const report = await run();
  expect(report).toMatchObject({ published: 2, held: [{ title: 'Broken' }] });
  expect(report.lines().join('\n')).toContain('not published: Broken: some of its files could not be used');
  const named = [...melro.releases.values()].map(({ artist, title, state }) => [artist.name, title, state]);
  expect(named.sort()).toEqual([
    ['Band', 'Broken', 'draft'],
    ['Band', 'Whole', 'published'],
    ['Soloist', 'alone', 'published'],
  ]);
  expect(await run()).toMatchObject({ published: 0, alreadyThere: 3 });
  expect([melro.artists.length, melro.releases.size]).toEqual([2, 3]);
});

test('an interruption loses nothing: the next run sends the missing parts', async () => {
  await writeFile(join(folder, 'long.wav'), randomBytes(40_960));
  const stop = new AbortController();
  melro.sabotage = (request) => {
    if (request.endsWith('parts/6')) stop.abort();
    return undefined;
  };
  await expect(run(stop.signal)).rejects.toThrow();
  melro.sabotage = () => undefined;
  const before = melro.count('PUT');
  const report = await run();
  expect(report).toMatchObject({ imported: 1, resumed: 1, failures: [] });
  expect(melro.count('PUT') - before).toBeLessThanOrEqual(5);
});

test.skipIf(process.getuid?.() === 0)('a file without permission is named and stops nothing', async () => {
  await writeFile(join(folder, 'locked.mp3'), 'x');
  await chmod(join(folder, 'locked.mp3'), 0);
  await writeFile(join(folder, 'open.flac'), flac(1, {}));
  const report = await run();
  expect(report.imported).toBe(1);
  expect(report.failures).toEqual([
    { file: 'locked.mp3', code: 'EACCES', reason: 'No permission to read it' },
  ]);
});

test('a server that goes away ends the import', async () => {
  for (let i = 0; i < 5; i++) await writeFile(join(folder, `${i}.flac`), flac(i, {}));
  await melro.stop();
  await expect(run()).rejects.toMatchObject({ code: 'unreachable' });
  await melro.start();
});

test('the command says how to start Melro when nobody answers, and lists without sending', async () => {
  await writeFile(join(folder, 'a.flac'), flac(1, { TITLE: 'Song', ARTIST: 'Band', ALBUM: 'Album' }));
  await writeFile(join(folder, 'empty.mp3'), '');
  const main = new URL('./main.ts', import.meta.url).pathname;
  const call = (...args: string[]): { status: number; text: string } => {
    try {
      return {
        status: 0,
        text: execFileSync(process.execPath, [main, folder, ...args], { encoding: 'utf8', stdio: 'pipe' }),
      };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { status, text: stdout + stderr };
    }
  };
  const dry = call('--dry-run');
  expect(dry.text).toContain('Band — Album');
  expect(dry.text).toContain('empty.mp3: The file is empty (empty_file)');
  expect(melro.requests).toEqual([]);
  const nobody = call('--url', 'http://127.0.0.1:9');
  expect(nobody.status).toBe(1);
  expect(nobody.text).toContain('run "npm start" first');
});
