import { ApiError } from './api-error.ts';
import { UsageError } from './target.ts';

/**
 * Runs a command and ends the process with the exit code it returns. The first Ctrl-C raises the signal
 * and ends with 130 after the farewell, the second ends at once. Mistakes and refusals are told in one line.
 */
export async function runCommand(
  command: (signal: AbortSignal) => Promise<number>,
  farewell: string,
): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    process.exitCode = await command(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      process.stdout.write(`\n${farewell}\n`);
      process.exitCode = 130;
    } else {
      console.error(explain(error));
      process.exitCode = 1;
    }
  }
  process.off('SIGINT', onSignal);
  process.off('SIGTERM', onSignal);
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof ApiError) {
    const request = error.requestId === undefined ? '' : `, request ${error.requestId}`;
    return `${error.message} (${error.code}${request})`;
  }
  // parseArgs' own complaints are already sentences.
  if (error instanceof TypeError && Reflect.get(error, 'code')?.toString().startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}\nSee --help.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
