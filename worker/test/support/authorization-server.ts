import { base64url } from 'jose';

/** What every provider does alike: the authorization endpoint and codes that are bound to their challenge (RFC 7636). */
export interface Client {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
}

/** What was asked for when a code was given out. */
export interface Granted<Person> {
  person: Person;
  redirectUri: string;
  scopes: string[];
  challenge: string | null;
  nonce: string | null;
}

export interface AuthorizationServer<Person> {
  /** Who is signed in there, in the browser that comes by. */
  person: Person;
  /** Requests to the authorization endpoint, for tests to look at. */
  asked: URLSearchParams[];
  /** Answers a visit as a provider whose person agrees at once: a redirect back with a code, or with an error. */
  authorize(url: URL): Response;
  /** Takes a code and what proves that it comes back from who asked; null refuses. */
  redeem(request: Request): Promise<Granted<Person> | null>;
}

const NO_STORE = { 'cache-control': 'no-store' };

function redirect(to: string, query: Record<string, string>): Response {
  const url = new URL(to);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return new Response(null, { status: 302, headers: { ...NO_STORE, location: url.href } });
}

/** Returns an authorization server that knows one client. Codes work once and need their verifier. */
export function authorizationServer<Person>(client: Client, person: Person): AuthorizationServer<Person> {
  const codes = new Map<string, Granted<Person>>();
  const server: AuthorizationServer<Person> = {
    person,
    asked: [],
    authorize: ({ searchParams: query }) => {
      server.asked.push(query);
      const redirectUri = query.get('redirect_uri') ?? '';
      // To an address that nobody registered nothing may be sent, an error neither (RFC 6749, 4.1.2.1).
      if (query.get('client_id') !== client.clientId || !client.redirectUris.includes(redirectUri)) {
        return new Response('unknown client or redirect URI', { status: 400 });
      }
      const state = query.get('state') ?? '';
      const refuse = (error: string) => redirect(redirectUri, { error, state });
      if (query.get('response_type') !== 'code') return refuse('unsupported_response_type');
      const challenge = query.get('code_challenge');
      if (challenge === null || query.get('code_challenge_method') !== 'S256')
        return refuse('invalid_request');
      const code = crypto.randomUUID();
      const scopes = (query.get('scope') ?? '').split(' ');
      codes.set(code, { person: server.person, redirectUri, scopes, challenge, nonce: query.get('nonce') });
      return redirect(redirectUri, { code, state });
    },
    redeem: async (request) => {
      const form = new URLSearchParams(await request.text());
      const granted = codes.get(form.get('code') ?? '');
      // A code works once, whoever brings it.
      codes.delete(form.get('code') ?? '');
      const isClient =
        form.get('client_id') === client.clientId && form.get('client_secret') === client.clientSecret;
      if (granted === undefined || !isClient || form.get('grant_type') !== 'authorization_code') return null;
      if (form.get('redirect_uri') !== granted.redirectUri) return null;
      const verifier = new TextEncoder().encode(form.get('code_verifier') ?? '');
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', verifier));
      return base64url.encode(digest) === granted.challenge ? granted : null;
    },
  };
  return server;
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: NO_STORE });
}
