import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import worker from '../../src/index.ts';
import type { Env } from '../../src/platform/env.ts';
import { type Person, TOKENS } from './people.ts';

export const ORIGIN = 'http://melro.test';

/** What a call sends; without `as` it sends no credentials. */
export interface Call {
  method?: string;
  as?: Person;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  /** What Cloudflare says of where the request comes from. */
  cf?: { city?: string; country?: string };
}

/** Calls the Worker as a client would. */
export type Api = (path: string, call?: Call) => Promise<Response>;

/** Returns bindings of the test installation with some of them replaced. */
export function bindingsWith(overrides: Partial<Env>): Env {
  return { ...env, ...overrides };
}

/** Bindings as in production: nobody is known without a token. */
export const PRODUCTION: Partial<Env> = {
  ENVIRONMENT: 'production',
  PUBLIC_ORIGIN: 'https://music.example',
  MAIL_TRANSPORT: 'mailgun',
  MAIL_FROM: 'Melro <no-reply@music.example>',
  // Nobody listens there: a test that sends mail names a provider of its own.
  MAIL_HTTP_URL: 'http://127.0.0.1:9/v3/music.example/messages',
  MAIL_HTTP_KEY: 'a-key-for-tests',
};

function requestOf(path: string, call: Call): Request<unknown, IncomingRequestCfProperties> {
  const headers = new Headers(call.headers);
  if (call.as !== undefined) headers.set('authorization', `Bearer ${TOKENS[call.as]}`);
  if (call.json !== undefined) headers.set('content-type', 'application/json');
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const method = call.method ?? (body === undefined ? 'GET' : 'POST');
  const cf = call.cf === undefined ? {} : { cf: call.cf };
  const init = { method, headers, ...cf, ...(body === undefined ? {} : { body }) };
  return new Request(new URL(path, ORIGIN), init) as Request<unknown, IncomingRequestCfProperties>;
}

/** Returns the API of an installation; everything it leaves to run after the answer has run by then. */
export function apiWith(bindings: Env): Api {
  return async (path, call = {}) => {
    const context = createExecutionContext();
    const response = await worker.fetch(requestOf(path, call), bindings, context);
    // Events and live bodies go on; what is stored in the cache is a copy that does not wait for the reader.
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await waitOnExecutionContext(context);
    }
    return response;
  };
}

/** The API of the test installation as `npm start` runs it. */
export const api = apiWith(bindingsWith({}));

/** The fields of a problem that tests look at. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  issues?: { path: string; message: string }[];
  missingParts?: number[];
}

/** Reads a JSON answer as what the caller knows it to be. */
export async function read<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

/** Reads a playlist; `text()` warns about types that are text only to those who know HLS. */
export async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}
