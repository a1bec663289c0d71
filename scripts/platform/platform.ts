import './offline.ts';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler';
import { bundleApi } from './bundle.ts';
import { applyMigrations } from './migrations.ts';
import { inRoot } from './paths.ts';

/** How to run the API Worker, with or without the web app in front, on this machine. */
export interface PlatformOptions {
  /** Folder of the data; null keeps it in memory. */
  dataDir: string | null;
  /** 0 takes a free one. */
  port: number;
  transcoderUrl: string;
  mediaKeys: string;
  authSecrets: string;
  accessTokens?: string;
  /** Where people reach the web app; links in mails lead there. */
  publicOrigin?: string;
  environment?: 'development' | 'production';
  logLevel?: 'info' | 'silent';
  /** What limits are multiplied by; as in wrangler.toml where it is left out. */
  rateLimitFactor?: number;
  /** A bundle that runs in the API's place, with all that is bound to it. */
  apiScript?: string;
  /** Workers beside the API. The first is where requests arrive. */
  front?: V4WorkerOptions[];
  /** Opens a socket of its own to the API, past the router that Miniflare puts in front. */
  isDirect?: boolean;
  /** Further settings of the Worker, as under [vars]. */
  settings?: Record<string, string>;
  /** Receives what the Workers print. */
  onOutput?: (line: string) => void;
}

/** The name of the API Worker within the process. */
export const API_WORKER = 'melro';

/** A running platform. */
export interface Platform {
  url: URL;
  miniflare: Miniflare;
  /** Names of the migrations that this start applied. */
  applied: string[];
  /** Calls the Worker's cron handler, which local runs never do by themselves. */
  tick(): Promise<void>;
  /** Bundles the Worker again and goes on with it. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Returns the bundle and the WebAssembly that it imports from beside it, such as the password hash. */
async function modulesOf(scriptPath: string) {
  const folder = dirname(scriptPath);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wasm'));
  return [
    { type: 'ESModule' as const, path: scriptPath },
    ...names.map((name) => ({ type: 'CompiledWasm' as const, path: join(folder, name) })),
  ];
}

async function apiWorker(options: PlatformOptions): Promise<V4WorkerOptions> {
  // Wrangler warns about secrets that are nowhere; ours are handed over below.
  process.env.MEDIA_KEYS ??= options.mediaKeys;
  process.env.AUTH_SECRETS ??= options.authSecrets;
  const scriptPath = options.apiScript ?? (await bundleApi());
  const { workerOptions } = readWorkerOptions(inRoot('wrangler.toml'));
  const { modulesRules: _rules, ...bindings } = workerOptions;
  return {
    ...bindings,
    name: API_WORKER,
    ...(options.isDirect ? { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] } : {}),
    modules: await modulesOf(scriptPath),
    modulesRoot: dirname(scriptPath),
    bindings: Object.assign({}, workerOptions.bindings, {
      ENVIRONMENT: options.environment ?? 'development',
      LOG_LEVEL: options.logLevel ?? 'info',
      TRANSCODER_URL: options.transcoderUrl,
      ...(options.rateLimitFactor === undefined
        ? {}
        : { RATE_LIMIT_FACTOR: String(options.rateLimitFactor) }),
      ...options.settings,
      MEDIA_KEYS: options.mediaKeys,
      AUTH_SECRETS: options.authSecrets,
      ...(options.accessTokens === undefined ? {} : { ACCESS_TOKENS: options.accessTokens }),
      ...(options.publicOrigin === undefined ? {} : { PUBLIC_ORIGIN: options.publicOrigin }),
    }),
  };
}

async function miniflareOptions(options: PlatformOptions) {
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: options.port,
    log: new Log(LogLevel.NONE),
    cf: false,
    ...(options.dataDir === null ? {} : { resourcePersistencePath: options.dataDir }),
    handleStructuredLogs: ({ message }) => options.onOutput?.(message),
    workers: [...(options.front ?? []), await apiWorker(options)],
  });
}

/** Starts workerd with the API, applies migrations, and returns once requests are answered. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const miniflare = new Miniflare(await miniflareOptions(options));
  const url = await miniflare.ready;
  const applied = await applyMigrations(await miniflare.getD1Database('DB', API_WORKER));
  return {
    url,
    miniflare,
    applied,
    tick: async () => {
      const worker = await miniflare.getWorker(API_WORKER);
      await worker.scheduled({ cron: '* * * * *' });
    },
    reload: async () => {
      await miniflare.setOptions(await miniflareOptions({ ...options, port: Number(url.port) }));
      await applyMigrations(await miniflare.getD1Database('DB', API_WORKER));
    },
    stop: () => miniflare.dispose(),
  };
}
