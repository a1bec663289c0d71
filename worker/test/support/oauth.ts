import { type Accounts, PUBLIC_ORIGIN, type signedUp } from './accounts.ts';
import { read } from './api.ts';

export type Member = Awaited<ReturnType<typeof signedUp>>;

export const REDIRECT_URI = 'https://app.example/callback';

/** An app as it was registered. */
export interface App {
  client_id: string;
  redirect_uris: string[];
}

/** What the token endpoint answers. */
export interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token?: string;
  token_type: string;
  expires_in: number;
  scope: string;
  error?: string;
}

/** Registers an app as somebody. */
export async function registerApp(owner: Member, change: object = {}): Promise<App> {
  const scope = 'openid profile email offline_access account:read library:read tracks:upload';
  const json = { client_name: 'An App', redirect_uris: [REDIRECT_URI], scope, ...change };
  const answer = await owner.browser.call('/api/auth/oauth2/create-client', { json });
  if (!answer.ok) throw new Error(`registration answered ${answer.status}: ${await answer.text()}`);
  return read<App>(answer);
}

/** Returns a verifier and its challenge (RFC 7636, S256). */
export async function pkce(): Promise<{ verifier: string; challenge: string }> {
  const verifier = crypto
    .getRandomValues(new Uint8Array(32))
    .toBase64({ alphabet: 'base64url', omitPadding: true });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return {
    verifier,
    challenge: new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true }),
  };
}

/** Returns what an app asks the authorization endpoint for; a parameter set to undefined is left out. */
export function authorizePath(app: App, parameters: Record<string, string | undefined> = {}): string {
  const all = {
    response_type: 'code',
    client_id: app.client_id,
    redirect_uri: REDIRECT_URI,
    scope: 'account:read offline_access',
    state: 'the-state-of-the-app',
    ...parameters,
  };
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/api/auth/oauth2/authorize?${new URLSearchParams(given)}`;
}

/** Follows the link of an app and returns where the browser is led. */
export async function follow(person: Member, path: string): Promise<URL> {
  const answer = await person.browser.call(path, { headers: { accept: 'text/html' } });
  if (answer.status !== 302) throw new Error(`authorize answered ${answer.status}: ${await answer.text()}`);
  return new URL(answer.headers.get('location') ?? '', PUBLIC_ORIGIN);
}

/** Says yes or no on the consent page and returns where the browser is led. */
export async function consent(person: Member, page: URL, accept: boolean): Promise<URL> {
  const json = { accept, oauth_query: page.search.slice(1) };
  const answer = await person.browser.call('/api/auth/oauth2/consent', { json });
  if (!answer.ok) throw new Error(`consent answered ${answer.status}: ${await answer.text()}`);
  return new URL((await read<{ url: string }>(answer)).url);
}

/** Lets an app in and returns its code and the verifier that redeems it. */
export async function letIn(
  person: Member,
  app: App,
  scope = 'account:read offline_access',
): Promise<{ code: string; verifier: string }> {
  const { verifier, challenge } = await pkce();
  const path = authorizePath(app, { scope, code_challenge: challenge, code_challenge_method: 'S256' });
  let to = await follow(person, path);
  if (to.pathname === '/oauth/consent') to = await consent(person, to, true);
  const code = to.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${to}`);
  return { code, verifier };
}

/** Asks the token endpoint as an app does; a parameter set to undefined is left out. */
export function askToken(
  { api }: Accounts,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const given = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return api(`${PUBLIC_ORIGIN}/api/auth/oauth2/token`, {
    body: new URLSearchParams(given),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** Redeems a code. */
export function redeem(
  accounts: Accounts,
  app: App,
  { code, verifier }: { code: string; verifier: string | undefined },
  change: Record<string, string | undefined> = {},
): Promise<Response> {
  return askToken(accounts, {
    grant_type: 'authorization_code',
    client_id: app.client_id,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
    ...change,
  });
}

/** Lets an app in and returns its tokens. */
export async function tokensFor(
  accounts: Accounts,
  person: Member,
  app: App,
  scope?: string,
): Promise<Tokens> {
  const answer = await redeem(accounts, app, await letIn(person, app, scope));
  if (!answer.ok) throw new Error(`token answered ${answer.status}: ${await answer.text()}`);
  return read<Tokens>(answer);
}

/** Refreshes as an app does. */
export function refresh(
  accounts: Accounts,
  app: Pick<App, 'client_id'>,
  refreshToken: string,
  change: Record<string, string> = {},
): Promise<Response> {
  return askToken(accounts, {
    grant_type: 'refresh_token',
    client_id: app.client_id,
    refresh_token: refreshToken,
    ...change,
  });
}
