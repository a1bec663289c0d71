import { createWriteStream } from 'node:fs';
import { join, relative } from 'node:path';
import { dataDir as dataDirOf } from '../platform/paths.ts';
import { startPlatform } from '../platform/platform.ts';
import { mediaKeysOf, takeDataFolder } from './data-folder.ts';
import { mustBeFree, wantedPort } from './ports.ts';
import { StartError, say, sayFailure, sayReady } from './say.ts';
import { startTranscoder } from './transcoder.ts';
import { buildWeb, webWorker } from './web.ts';

const TICK_MS = 15_000;

/** What must be undone at the end, last first. */
const undo: (() => unknown)[] = [];
let isStopping = false;

async function stop(exitCode: number): Promise<never> {
  if (isStopping) process.exit(exitCode || 1);
  isStopping = true;
  for (const step of undo.reverse()) {
    try {
      await step();
    } catch (error) {
      sayFailure(error);
    }
  }
  process.exit(exitCode);
}

async function start(): Promise<void> {
  const port = wantedPort();
  await mustBeFree(port);
  const dataDir = dataDirOf();
  undo.push(await takeDataFolder(dataDir));
  const log = createWriteStream(join(dataDir, 'melro.log'), { flags: 'a' });
  const toLog = (line: string) => log.write(`${line}\n`);

  const transcoder = await startTranscoder(toLog);
  undo.push(() => transcoder.stop());
  sayReady(
    'transcoder',
    `${transcoder.ffmpeg.startsWith('native') ? 'ffmpeg' : 'embedded ffmpeg'} (${transcoder.ffmpeg})`,
  );

  const buildSeconds = await buildWeb();
  sayReady('web', buildSeconds === 0 ? 'already built' : `built in ${Math.round(buildSeconds)} s`);

  const platform = await startPlatform({
    dataDir,
    port,
    transcoderUrl: transcoder.url,
    mediaKeys: await mediaKeysOf(dataDir),
    ...(process.env.ACCESS_TOKENS === undefined ? {} : { accessTokens: process.env.ACCESS_TOKENS }),
    front: [await webWorker()],
    onOutput: toLog,
  });
  undo.push(() => platform.stop());
  const here = relative(process.cwd(), dataDir) || dataDir;
  sayReady(
    'database',
    platform.applied.length === 0 ? 'up to date' : `${platform.applied.length} migration(s) applied`,
  );
  await mustBeReady(platform.url);
  sayReady('api', `D1, R2 and queues in ${here}, log in ${join(here, 'melro.log')}`);
  const ticking = setInterval(() => platform.tick().catch((error) => toLog(String(error))), TICK_MS);
  undo.push(() => clearInterval(ticking));
  await platform.tick();

  say(`\nMelro is at http://localhost:${port}\nCtrl-C stops it.`);
  const how = await transcoder.ended;
  if (!isStopping)
    throw new StartError(`The transcoder ended (${how}); its last words are in ${join(here, 'melro.log')}.`);
}

async function mustBeReady(url: URL): Promise<void> {
  const response = await fetch(new URL('/readyz', url));
  if (response.ok) return;
  throw new StartError(`The API is not ready: ${(await response.text()).slice(0, 500)}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
process.on('uncaughtException', (error) => {
  sayFailure(error);
  void stop(1);
});
start().catch((error) => {
  if (isStopping) return;
  sayFailure(error);
  void stop(1);
});
