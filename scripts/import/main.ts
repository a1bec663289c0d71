import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { count, formatBytes, formatTime } from '../lib/format.ts';
import { LiveLine } from '../lib/live-line.ts';
import { runCommand } from '../lib/run-command.ts';
import { connect, resolveToken, resolveUrl, UsageError } from '../lib/target.ts';
import { type Album, groupByAlbum, type Song, songLabel } from './albums.ts';
import { importSongs, noteTags } from './import-songs.ts';
import { ImportProgress } from './progress.ts';
import { Report } from './report.ts';
import { readTags } from './tags.ts';
import { walk } from './walk.ts';

const USAGE = `Brings a music folder into Melro.

  npm run import -- FOLDER [--dry-run] [--concurrency 2] [--url http://localhost:5173] [--token TOKEN]

  --dry-run      list what would be sent, and stop
  --concurrency  files sent at the same time (1 to 8)
  --url          where Melro runs (or MELRO_URL)
  --token        API key or access token (or MELRO_TOKEN); not needed on the machine that runs Melro

Run it again at any time: what is there is skipped, what was interrupted goes on where it stopped.`;

await runCommand(async (signal) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      concurrency: { type: 'string', default: '2' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [folder, ...more] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (folder === undefined || more.length > 0) throw new UsageError(USAGE);
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 8) {
    throw new UsageError('--concurrency takes a whole number from 1 to 8');
  }
  const root = resolve(folder);
  await requireFolder(root);
  const url = resolveUrl(values.url, process.env);
  const line = new LiveLine(process.stdout);
  const report = new Report();
  const albums = await collect(root, report, line, signal);
  const songs = albums.flatMap((album) => album.songs);
  const bytes = songs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  console.log(`${count(songs.length, 'file')} in ${count(albums.length, 'album')}, ${formatBytes(bytes)}`);
  if (values['dry-run']) {
    for (const text of listAlbums(albums)) console.log(text);
    for (const text of report.lines().slice(1)) console.log(text);
    return report.failures.length > 0 ? 1 : 0;
  }
  const client = await connect(url, await resolveToken(values.token, url, process.env), signal);
  const started = Date.now();
  const progress = new ImportProgress(line, { files: songs.length, bytes });
  try {
    await importSongs({
      client,
      albums,
      concurrency,
      report,
      progress,
      signal,
      onFailure: (file, reason) => line.say(`failed: ${file}: ${reason}`),
    });
  } finally {
    line.clear();
    for (const text of report.lines()) console.log(text);
  }
  console.log(`Done in ${formatTime((Date.now() - started) / 1000)}. Listen: ${url}`);
  return report.failures.length > 0 ? 1 : 0;
}, 'Stopped. Nothing is lost: run the same command again and it goes on where it stopped.');

async function requireFolder(root: string): Promise<void> {
  const info = await stat(root).catch((error: unknown) => {
    throw new UsageError(`Cannot open ${root}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!info.isDirectory()) throw new UsageError(`${root} is not a folder`);
}

/** Finds the songs and reads their tags; empty and unreadable ones go straight into the report. */
async function collect(root: string, report: Report, line: LiveLine, signal: AbortSignal): Promise<Album[]> {
  const found = await walk(root, signal);
  for (const { relativePath, code, reason } of found.problems) {
    if (code === 'linked_folder') report.notes.push({ file: relativePath, code, reason });
    else report.fail(relativePath, code, reason);
  }
  const songs: Song[] = [];
  for (const file of found.files) {
    signal.throwIfAborted();
    line.update(`reading tags ${songs.length}/${found.files.length} · ${file.relativePath}`);
    if (file.sizeBytes === 0) report.fail(file.relativePath, 'empty_file', 'The file is empty');
    else songs.push({ ...file, tags: await readTags(file.path) });
  }
  line.clear();
  noteTags(report, songs, found.foldersWithCover);
  return groupByAlbum(songs);
}

function listAlbums(albums: readonly Album[]): string[] {
  return albums.flatMap(({ artist, name, songs }) => [
    `${artist} — ${name}`,
    ...songs.map((song) => `  ${songLabel(song)}  (${song.relativePath}, ${formatBytes(song.sizeBytes)})`),
  ]);
}
