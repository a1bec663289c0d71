import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { bundleTypes } from '../platform/bundle.ts';
import { inRoot } from '../platform/paths.ts';
import { startInstallation } from './installation.ts';
import { Lifetime } from './lifetime.ts';
import { mailLine, mustBeFree, originOf, wantedPort } from './ports.ts';
import { StartError, say, sayFailure, sayReady } from './say.ts';
import { watchOverParts } from './watchdog.ts';

const SETTLE_MS = 200;
const lifetime = new Lifetime();

/** Calls back once after a burst of changes below the folders. */
function onChange(folders: string[], act: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders) {
    const watcher = watch(inRoot(folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => act().catch(sayFailure), SETTLE_MS);
    });
    lifetime.atEnd(() => watcher.close());
  }
}

async function untilAnswered(port: number): Promise<void> {
  const address = `http://127.0.0.1:${port}/favicon.svg`;
  while (!lifetime.isStopping && !(await fetch(address).catch(() => null))?.ok) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

lifetime.run(async () => {
  const port = wantedPort();
  await mustBeFree(port);
  await bundleTypes();
  const { platform, transcoder, logFile } = await startInstallation(
    lifetime,
    0,
    originOf(port),
    async () => [],
  );
  onChange(['worker/src', 'durable-objects/src', 'migrations'], async () => {
    await platform.reload();
    watchOverParts();
    sayReady('api', 'reloaded');
  });
  onChange(['transcoder/src'], async () => {
    await transcoder.restart();
    sayReady('transcoder', 'restarted');
  });
  const vite = spawn(
    process.execPath,
    [inRoot('node_modules/vite/bin/vite.js'), '--port', String(port), '--strictPort', '--host', '127.0.0.1'],
    {
      cwd: inRoot('web'),
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, MELRO_API_PORT: platform.url.port },
    },
  );
  const viteEnded = new Promise<string>((resolve) =>
    vite.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  lifetime.atEnd(async () => {
    vite.kill('SIGTERM');
    await viteEnded;
  });
  await Promise.race([untilAnswered(port), viteEnded]);
  say(`\nMelro is at ${originOf(port)}, with hot reload\n${mailLine(port)}\nCtrl-C stops it.`);
  const how = await Promise.race([
    viteEnded.then((end) => `The web part ended (${end}).`),
    transcoder.ended.then((end) => `The transcoder ended (${end}). Its last words are in ${logFile}.`),
  ]);
  if (!lifetime.isStopping) throw new StartError(how);
});
