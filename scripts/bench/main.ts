import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startPlatform } from '../platform/platform.ts';
import { newAuthSecrets, newMediaKeys, newOperatorToken, operatorEntry } from '../start/data-folder.ts';
import { startTranscoder } from '../start/transcoder.ts';
import { benchAuth, WAYS } from './auth.ts';
import { benchCatalogue } from './catalogue.ts';
import { BARE_WORKER, benchGateway } from './gateway.ts';
import { benchLimits, LIMITED_WORKER } from './limits.ts';
import { median } from './load.ts';
import { benchMusic } from './music.ts';
import { benchLadder, type LadderFigures, plainFfmpegCpuSeconds } from './transcode.ts';

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '240' },
    runs: { type: 'string', default: '3' },
    requests: { type: 'string', default: '3000' },
    /** `auth` measures accounts alone, in a minute. */
    only: { type: 'string' },
    /** Of the catalogue that is measured. */
    tracks: { type: 'string', default: '100000' },
  },
  allowPositionals: true,
});
const durationSeconds = Number(values.seconds);

function row(what: string, figure: string, reference: string, hold: string): void {
  console.log(`| ${what} | ${figure} | ${reference} | ${hold} |`);
}

function heading(what: string): void {
  console.log(`${cpus().length} × ${cpus()[0]?.model}, ${what}\n`);
  console.log('| what | figure | reference in the same run | hold |\n| --- | --- | --- | --- |');
}

async function benchMusicOnItsWay(): Promise<void> {
  const transcoder = await startTranscoder(() => undefined);
  const token = newOperatorToken();
  const platform = await startPlatform({
    dataDir: null,
    port: 0,
    transcoderUrl: transcoder.url,
    mediaKeys: newMediaKeys(),
    authSecrets: newAuthSecrets(),
    accessTokens: JSON.stringify([operatorEntry(token)]),
    logLevel: 'silent',
    isDirect: true,
    front: [BARE_WORKER, LIMITED_WORKER],
  });
  try {
    const base = await platform.miniflare.unsafeGetDirectURL('melro');
    const wav = benchMusic(durationSeconds);
    heading(`${transcoder.ffmpeg}, ${durationSeconds} s of music`);

    const ladders: LadderFigures[] = [];
    const plain: (number | null)[] = [];
    for (let run = 0; run < Number(values.runs); run++) {
      ladders.push(await benchLadder(base, token, transcoder, wav));
      plain.push(await plainFfmpegCpuSeconds(wav));
    }
    const first = median(ladders.map((ladder) => ladder.firstSegmentSeconds));
    const whole = median(ladders.map((ladder) => ladder.wholeLadderSeconds));
    const cpu = median(ladders.map((ladder) => ladder.cpuSeconds));
    row('complete → first playable segment', `${first.toFixed(2)} s`, '', '≤ 2 s');
    row(
      'complete → whole ladder',
      `${whole.toFixed(1)} s`,
      `${(durationSeconds / whole).toFixed(0)} × real time`,
      '≤ 20 s for 240 s',
    );
    const references = plain.filter((seconds) => seconds !== null);
    if (references.length > 0) {
      const ratio = median(ladders.map((ladder, i) => ladder.cpuSeconds / (plain[i] ?? Number.NaN)));
      row(
        'transcode, CPU (with loudness, peaks, tar)',
        `${cpu.toFixed(1)} s`,
        `one plain ffmpeg run of the same renditions: ${median(references).toFixed(1)} s; ratio ${ratio.toFixed(2)}`,
        '≤ 1.15 ×',
      );
    }

    const [{ trackId } = { trackId: '' }] = ladders;
    const grant = await fetch(new URL('/api/v1/playback', base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trackId }),
    });
    const { url } = (await grant.json()) as { url: string };
    for (const [path, connections] of [
      ['128/3.m4s', 8],
      ['64/playlist.m3u8', 8],
      ['128/3.m4s', 1],
    ] as const) {
      const figures = await benchGateway(
        platform,
        url.replace('master.m3u8', path),
        Number(values.requests),
        connections,
      );
      row(
        `cached ${path}, ${Math.round(figures.segmentBytes / 1024)} KiB, ${connections} connection${connections === 1 ? '' : 's'}`,
        `${Math.round(figures.gateway.requestsPerSecond)} requests/s, p99 ${figures.gateway.p99Ms.toFixed(1)} ms`,
        `bare Worker: ${Math.round(figures.bare.requestsPerSecond)} requests/s, p99 ${figures.bare.p99Ms.toFixed(1)} ms; ratio ${figures.ratio.toFixed(2)}`,
        path.endsWith('.m4s') ? '≥ 0.80 ×' : '',
      );
    }

    const limits = await benchLimits(platform, Math.ceil(Number(values.requests) / 4));
    for (const [what, side, ratio] of [
      ['one key', limits.oneKey, limits.oneKeyRatio],
      ['a hundred keys', limits.manyKeys, limits.manyKeysRatio],
    ] as const) {
      row(
        `attempts counted under ${what}, 8 connections`,
        `${Math.round(side.requestsPerSecond)} requests/s, p99 ${side.p99Ms.toFixed(1)} ms`,
        `a durable object that keeps nothing: ${Math.round(limits.bare.requestsPerSecond)} requests/s, p99 ${limits.bare.p99Ms.toFixed(1)} ms; ratio ${ratio.toFixed(2)}`,
        '',
      );
    }
  } finally {
    await platform.stop();
    await transcoder.stop();
  }
}

async function benchAccounts(): Promise<void> {
  const { open, known, signIn } = await benchAuth(Math.ceil(Number(values.requests) / 2));
  const told = ({ requestsPerSecond, p99Ms }: { requestsPerSecond: number; p99Ms: number }) =>
    `${Math.round(requestsPerSecond)} requests/s, p99 ${p99Ms.toFixed(1)} ms`;
  for (const way of WAYS) {
    row(
      `GET /api/v1/me by ${way}, 8 connections`,
      told(known[way]),
      `the public profile, same row: ${told(open)}; ratio ${known[way].ratio.toFixed(2)}`,
      '',
    );
  }
  row(
    'one sign-in (Argon2id, 19 MiB, t = 2)',
    `${signIn.cpuMs.toFixed(0)} ms of CPU, ${signIn.wallMs.toFixed(0)} ms by the clock`,
    `the public profile: ${signIn.openCpuMs.toFixed(1)} ms of CPU; ratio ${(signIn.cpuMs / signIn.openCpuMs).toFixed(0)}`,
    '',
  );
  row(
    'growth of the process for the first, and for twenty more',
    `${signIn.firstMemoryMiB.toFixed(0)} MiB, ${signIn.memoryMiB.toFixed(0)} MiB`,
    '',
    '',
  );
}

async function benchPages(): Promise<void> {
  const { tracks, reference, pages } = await benchCatalogue(Number(values.tracks), Number(values.requests));
  console.log(`${cpus().length} × ${cpus()[0]?.model}, ${tracks.toLocaleString('en')} tracks\n`);
  console.log('| what | p50 | p99 | p99 of the reference | queries | rows read, most |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const { what, p50Ms, p99Ms, queries, rowsRead } of pages) {
    const times = [p50Ms, p99Ms, reference.p99Ms].map((ms) => `${ms.toFixed(1)} ms`).join(' | ');
    console.log(`| ${what} | ${times} | ${queries} | ${rowsRead} |`);
  }
}

const only = positionals[0] ?? values.only;
if (only === 'catalogue') await benchPages();
else {
  if (only === 'auth') heading('accounts');
  else await benchMusicOnItsWay();
  await benchAccounts();
  if (only !== 'auth') await benchPages();
}
