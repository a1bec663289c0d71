/** Starts the transcoder: reads the environment, listens, drains on SIGTERM. */
import { readConfig } from './config.ts';
import { writeLog } from './log.ts';
import { startTranscoder, type Transcoder } from './server.ts';

async function main(): Promise<void> {
  let transcoder: Transcoder;
  try {
    const config = readConfig(process.env);
    transcoder = await startTranscoder(config, writeLog);
    if (config.EXIT_WITH_STDIN === '1') process.stdin.on('end', () => process.exit(0)).resume();
  } catch (error) {
    process.stderr.write(`transcoder: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
    return;
  }
  const { kind, version } = transcoder.ffmpeg;
  process.stdout.write(`listening ${transcoder.address} ffmpeg=${kind} ${version}\n`);

  let isStopping = false;
  const stop = (): void => {
    // The second signal does not wait for anything.
    if (isStopping) process.exit(1);
    isStopping = true;
    transcoder.drain().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

await main();
