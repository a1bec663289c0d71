import { createWriteStream } from 'node:fs';
import { join, relative } from 'node:path';
import type { V4WorkerOptions } from 'miniflare';
import { parseSettings, type Settings } from '../../worker/src/platform/settings.ts';
import { dataDir as dataDirOf } from '../platform/paths.ts';
import { type Platform, startPlatform } from '../platform/platform.ts';
import { authSecretsOf, mediaKeysOf, operatorEntry, operatorTokenOf, takeDataFolder } from './data-folder.ts';
import type { Lifetime } from './lifetime.ts';
import { StartError, sayReady } from './say.ts';
import { type LocalTranscoder, startTranscoder } from './transcoder.ts';
import { watchOverParts } from './watchdog.ts';

/** Cron triggers do not fire by themselves on a developer's machine. */
const TICK_MS = 15_000;

/** What runs of an installation, whatever shows its pages. */
export interface Installation {
  platform: Platform;
  transcoder: LocalTranscoder;
  toLog(line: string): void;
  logFile: string;
}

function ffmpegInWords(found: string): string {
  const [kind, ...version] = found.split(' ');
  return kind === 'native'
    ? `ffmpeg ${version.join(' ')} of this machine`
    : `embedded ffmpeg ${version.join(' ')} (none on this machine; a native one is faster)`;
}

/** Starts the data, the transcoder and the API, and says so part by part. `origin` is where its pages are. */
export async function startInstallation(
  lifetime: Lifetime,
  port: number,
  origin: string,
  front: () => Promise<V4WorkerOptions[]>,
): Promise<Installation> {
  const dataDir = dataDirOf();
  lifetime.atEnd(await takeDataFolder(dataDir));
  const fromHere = relative(process.cwd(), dataDir);
  const logFile = join(fromHere.startsWith('..') ? dataDir : fromHere, 'melro.log');
  const log = createWriteStream(join(dataDir, 'melro.log'), { flags: 'a' });
  const toLog = (line: string) => log.write(`${line}\n`);

  const transcoder = await startTranscoder(toLog, { WORK_DIR: join(dataDir, 'transcoder') });
  lifetime.atEnd(() => transcoder.stop());
  sayReady('transcoder', ffmpegInWords(transcoder.ffmpeg));

  const mediaKeys = await mediaKeysOf(dataDir);
  const authSecrets = await authSecretsOf(dataDir);
  const settings = tryOut();
  const { accessTokens } = validSettings({
    TRANSCODER_URL: transcoder.url,
    MEDIA_KEYS: mediaKeys,
    AUTH_SECRETS: authSecrets,
    ACCESS_TOKENS: process.env.ACCESS_TOKENS,
    ...settings,
  });
  const operator = operatorEntry(await operatorTokenOf(dataDir));
  const platform = await startPlatform({
    dataDir,
    port,
    transcoderUrl: transcoder.url,
    mediaKeys,
    authSecrets,
    accessTokens: JSON.stringify([operator, ...accessTokens]),
    publicOrigin: origin,
    settings,
    front: await front(),
    onOutput: toLog,
  });
  lifetime.atEnd(() => platform.stop());
  lifetime.takeSignals();
  watchOverParts();
  const { length } = platform.applied;
  sayReady('database', length === 0 ? 'up to date' : `${length} migration${length === 1 ? '' : 's'} applied`);
  await mustBeReady(platform.url);
  sayReady('api', `D1, R2 and queues; log in ${logFile}`);
  const ticking = setInterval(() => platform.tick().catch((error) => toLog(String(error))), TICK_MS);
  lifetime.atEnd(() => clearInterval(ticking));
  await platform.tick();
  return { platform, transcoder, toLog, logFile };
}

/** What can be tried without a file of secrets, by naming it in front of `npm start`. */
const TRY_OUT = ['AUTH_PROVIDERS', 'RATE_LIMIT_FACTOR', 'SIGN_UP', 'TURNSTILE_SECRET', 'TURNSTILE_SITE_KEY'];

function tryOut(): Record<string, string> {
  return Object.fromEntries(
    TRY_OUT.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The Worker would say the same, but only in its log. */
function validSettings(settings: Record<string, string | undefined>): Settings {
  try {
    return parseSettings({ ENVIRONMENT: 'development', ...settings });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

async function mustBeReady(url: URL): Promise<void> {
  const response = await fetch(new URL('/readyz', url));
  if (response.ok) return;
  throw new StartError(`The API is not ready: ${(await response.text()).slice(0, 500)}`);
}
