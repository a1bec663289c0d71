import { dataDir } from '../platform/paths.ts';
import { knownOperatorToken } from '../start/data-folder.ts';
import { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** A mistake of the person at the keyboard, told in one line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Returns the address to talk to: the option, else `MELRO_URL`, else the port `npm start` uses. */
export function resolveUrl(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const url = option ?? env.MELRO_URL ?? `http://localhost:${env.PORT ?? '5173'}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`"${url}" is not an address: give one such as http://localhost:5173`);
  }
  return url.replace(/\/+$/, '');
}

/**
 * Returns the token to show: the option, else `MELRO_TOKEN`, else, for an installation on this machine, the one that
 * `npm start` keeps in its data folder. No other machine ever gets to see that one.
 */
export async function resolveToken(
  option: string | undefined,
  baseUrl: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const given = option ?? env.MELRO_TOKEN;
  if (given !== undefined) return given;
  const { hostname } = new URL(baseUrl);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return isHere ? knownOperatorToken(dataDir()) : undefined;
}

/** Returns a client for a running Melro; throws a UsageError with the way out when nobody answers there. */
export async function connect(
  baseUrl: string,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<ApiClient> {
  const client = new ApiClient({ baseUrl, token, signal });
  try {
    await client.ping();
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(explain(error, baseUrl, token));
  }
  return client;
}

function explain(error: ApiError, baseUrl: string, token: string | undefined): string {
  if (error.status === 0)
    return `Melro is not running at ${baseUrl}: run "npm start" first, in another terminal.`;
  if (error.status === 401) {
    return token === undefined
      ? `${baseUrl} needs an access token: give one with --token or in MELRO_TOKEN.`
      : `${baseUrl} does not accept this access token.`;
  }
  return `${baseUrl} answers, but not as Melro should (${error.status}, ${error.code}): ${error.message}`;
}
