import { describe, expect, it } from 'vitest';
import { accountsIn, PUBLIC_ORIGIN, signedUp } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import {
  type App,
  askToken,
  authorizePath,
  consent,
  follow,
  letIn,
  type Member,
  pkce,
  REDIRECT_URI,
  redeem,
  refresh,
  registerApp,
  type Tokens,
  tokensFor,
} from '../support/oauth.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production');
const CHALLENGE = { code_challenge: (await pkce()).challenge, code_challenge_method: 'S256' };

async function person(role?: string): Promise<{ ann: Member; app: App }> {
  const [owner, ann] = [await signedUp(accounts), await signedUp(accounts, role)];
  return { ann, app: await registerApp(owner) };
}

/** RFC 6749 5.2: JSON with an error of its list, never cached. */
async function expectOAuthError(answer: Response, error: string, status = 400): Promise<void> {
  expect([answer.status, ((await answer.json()) as { error?: string }).error]).toEqual([status, error]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

const refreshTokensOf = ({ id }: Member, app: App) =>
  rowsOf<{ token: string }>(
    'SELECT * FROM oauth_refresh_tokens WHERE user_id = ? AND client_id = ?',
    id,
    app.client_id,
  );

const meWith = (token: string) =>
  accounts.api('/api/v1/me', { headers: { authorization: `Bearer ${token}` } });

describe('an app', () => {
  it('gets a code after consent, tokens for the code, and what was consented to with the tokens', async () => {
    const { ann, app } = await person('artist');
    const { verifier, challenge } = await pkce();
    const asked = { code_challenge: challenge, code_challenge_method: 'S256' };
    const page = await follow(ann, authorizePath(app, asked));
    expect(page.pathname).toBe('/oauth/consent');
    expect(page.searchParams.get('client_id')).toBe(app.client_id);
    expect(page.searchParams.get('scope')).toBe('account:read offline_access');
    const back = await consent(ann, page, true);
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT_URI);
    expect(back.searchParams.get('state')).toBe('the-state-of-the-app');
    // RFC 9207: the app can tell which installation answered.
    expect(back.searchParams.get('iss')).toBe(PUBLIC_ORIGIN);
    const code = back.searchParams.get('code') ?? '';
    const answer = await redeem(accounts, app, { code, verifier });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const tokens = await read<Tokens>(answer);
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'account:read offline_access',
    });
    expect(await read(await meWith(tokens.access_token))).toMatchObject({ id: ann.id });
    const upload = await accounts.api('/api/v1/uploads', {
      json: { fileName: 'a.flac', sizeBytes: 1 },
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(upload.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('leaves no code and no refresh token in the database that could be used', async () => {
    const { ann, app } = await person();
    const { code, verifier } = await letIn(ann, app);
    const kept = await rowsOf('SELECT * FROM verifications WHERE value LIKE ?', `%${app.client_id}%`);
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(code);
    const tokens = await read<Tokens>(await redeem(accounts, app, { code, verifier }));
    expect(tokens.refresh_token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await refreshTokensOf(ann, app))).not.toContain(tokens.refresh_token);
  });

  it('sends whoever is not signed in to the sign-in page, and on from there', async () => {
    const { ann, app } = await person();
    const stranger = { ...ann, browser: accounts.browser() };
    const page = await follow(stranger, authorizePath(app, CHALLENGE));
    expect(page.pathname).toBe('/sign-in');
    const { email, password } = ann;
    const json = { email, password, oauth_query: page.search.slice(1) };
    const answer = await stranger.browser.call('/api/auth/sign-in/email', { json });
    expect(new URL((await read<{ url: string }>(answer)).url, PUBLIC_ORIGIN).pathname).toBe('/oauth/consent');
  });

  it('asks for consent once, and again for more', async () => {
    const { ann, app } = await person('artist');
    await letIn(ann, app);
    expect((await follow(ann, authorizePath(app, CHALLENGE))).searchParams.get('code')).toBeTruthy();
    const more = { ...CHALLENGE, scope: 'account:read tracks:upload offline_access' };
    expect((await follow(ann, authorizePath(app, more))).pathname).toBe('/oauth/consent');
  });

  it('that is denied gets no code', async () => {
    const { ann, app } = await person();
    const back = await consent(ann, await follow(ann, authorizePath(app, CHALLENGE)), false);
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT_URI);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('the-state-of-the-app');
    expect(back.searchParams.get('code')).toBeNull();
    expect((await follow(ann, authorizePath(app, CHALLENGE))).pathname).toBe('/oauth/consent');
  });

  it('gets no consent from another site, nor by a changed question', async () => {
    const { ann, app } = await person();
    const page = await follow(ann, authorizePath(app, CHALLENGE));
    const oauth_query = page.search.slice(1);
    const elsewhere = await ann.browser.call('/api/auth/oauth2/consent', {
      json: { accept: true, oauth_query },
      headers: { origin: 'https://elsewhere.example' },
    });
    await expectProblem(elsewhere, 403, 'cross_origin_refused');
    const changed = oauth_query.replace('account%3Aread', 'tracks%3Aupload');
    expect(changed).not.toBe(oauth_query);
    const answer = await ann.browser.call('/api/auth/oauth2/consent', {
      json: { accept: true, oauth_query: changed },
    });
    expect(answer.status).toBe(400);
    expect(await rowsOf('SELECT id FROM oauth_consents WHERE client_id = ?', app.client_id)).toEqual([]);
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE of no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a scope that is none', { scope: 'account:read everything' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an API that is not ours', { resource: 'https://elsewhere.example/api' }, 'invalid_target'],
  ])('that asks with %s is refused', async (_what, change, error) => {
    const { ann, app } = await person();
    const to = await follow(ann, authorizePath(app, { ...CHALLENGE, ...change }));
    // OpenID Connect Core 5: who asks for tokens is told in the fragment.
    const said = to.hash === '' ? to.searchParams : new URLSearchParams(to.hash.slice(1));
    expect(said.get('error')).toBe(error);
    expect(said.get('code')).toBeNull();
  });

  it.each([
    'https://app.example/callback/more',
    'https://app.example/callback?more=1',
    'https://app.example/callback#more',
    'https://app.example/CALLBACK',
    'https://elsewhere.example/callback',
    'https://app.example.elsewhere.example/callback',
    'https://app.example@elsewhere.example/callback',
    'http://app.example/callback',
  ])('is not answered at %s, where it was not registered', async (redirect_uri) => {
    const { ann, app } = await person();
    const to = await follow(ann, authorizePath(app, { ...CHALLENGE, redirect_uri }));
    expect(to.origin).toBe(PUBLIC_ORIGIN);
    expect(to.pathname).toBe('/oauth/consent');
    expect(to.searchParams.get('error')).toMatch(/^invalid_re(?:direct|quest)$/);
  });
});

describe('a code', () => {
  it.each<[string, Record<string, string | undefined>, string, number]>([
    ['without its verifier', { code_verifier: undefined }, 'invalid_request', 400],
    ['with another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_request', 401],
    ['at another address', { redirect_uri: 'https://app.example/other' }, 'invalid_grant', 400],
    ['without an address', { redirect_uri: undefined }, 'invalid_request', 400],
    ['that is none', { code: 'x'.repeat(32) }, 'invalid_grant', 400],
    ['for another API', { resource: 'https://elsewhere.example/api' }, 'invalid_target', 400],
  ])('%s is refused', async (_what, change, error, status) => {
    const { ann, app } = await person();
    const answer = await redeem(accounts, app, await letIn(ann, app), change);
    await expectOAuthError(answer, error, status);
    expect(await refreshTokensOf(ann, app)).toEqual([]);
  });

  it('of another app is refused', async () => {
    const { ann, app } = await person();
    const other = await registerApp(await signedUp(accounts));
    await expectOAuthError(await redeem(accounts, other, await letIn(ann, app)), 'invalid_grant');
  });

  it('that has expired is refused', async () => {
    const { ann, app } = await person();
    const granted = await letIn(ann, app);
    await rowsOf(
      'UPDATE verifications SET expires_at_ms = ? WHERE value LIKE ? RETURNING id',
      Date.now() - 1,
      `%${app.client_id}%`,
    );
    await expectOAuthError(await redeem(accounts, app, granted), 'invalid_grant');
  });

  it('used twice is refused, and what it was used for is taken back', async () => {
    const { ann, app } = await person();
    const granted = await letIn(ann, app);
    const tokens = await read<Tokens>(await redeem(accounts, app, granted));
    await expectOAuthError(await redeem(accounts, app, granted), 'invalid_grant');
    await expectOAuthError(await refresh(accounts, app, tokens.refresh_token), 'invalid_grant');
    expect(await refreshTokensOf(ann, app)).toEqual([]);
  });

  it('used many times at once leaves nothing that lasts', async () => {
    const { ann, app } = await person();
    const granted = await letIn(ann, app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(accounts, app, granted)));
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
    expect(await refreshTokensOf(ann, app)).toEqual([]);
  });
});

describe('registering apps', () => {
  const json = { client_name: 'An App', redirect_uris: [REDIRECT_URI] };

  it('is for people who are signed in, not for whoever comes along', async () => {
    const stranger = accounts.browser();
    const create = await stranger.call('/api/auth/oauth2/create-client', { json });
    await expectProblem(create, 401, 'unauthenticated');
    const register = await stranger.call('/api/auth/oauth2/register', { json });
    await expectProblem(register, 404, 'not_found');
    for (const path of ['/api/auth/admin/oauth2/create-client', '/api/auth/admin/oauth2/resources']) {
      await expectProblem(
        await (await signedUp(accounts, 'admin')).browser.call(path, { json }),
        404,
        'not_found',
      );
    }
  });

  it('makes apps without a secret, that cannot skip consent', async () => {
    const owner = await signedUp(accounts);
    expect(await registerApp(owner)).not.toHaveProperty('client_secret');
    for (const change of [
      { token_endpoint_auth_method: 'client_secret_basic' },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { redirect_uris: ['javascript:alert(1)'] },
      { redirect_uris: ['https://app.example/callback#fragment'] },
      { scope: 'everything' },
    ]) {
      const answer = await owner.browser.call('/api/auth/oauth2/create-client', {
        json: { ...json, ...change },
      });
      expect([answer.status, change]).toEqual([400, change]);
    }
    const skipping = await owner.browser.call('/api/auth/oauth2/create-client', {
      json: { ...json, skip_consent: true, require_pkce: false, grant_types: ['client_credentials'] },
    });
    const [row] = await rowsOf<Record<string, unknown>>(
      'SELECT * FROM oauth_clients WHERE client_id = ?',
      (await read<App>(skipping)).client_id,
    );
    expect(row?.skip_consent ?? 0).toBe(0);
    expect(row?.grant_types).toBe('["authorization_code","refresh_token"]');
  });

  it.each([
    { client_uri: 'javascript:alert(1)' },
    { client_uri: 'http://app.example/' },
    { logo_uri: 'data:image/svg+xml,<svg/>' },
    { policy_uri: 'javascript:alert(1)' },
    { tos_uri: 'data:text/html,x' },
    { client_name: '' },
    { client_name: '\u200b' },
    { client_name: 'Mel\u202ero' },
    { client_name: 'x'.repeat(81) },
    { redirect_uris: Array.from({ length: 21 }, (_, i) => `https://app.example/${i}`) },
  ])('refuses an app that shows people %j, at once and later', async (said) => {
    const owner = await signedUp(accounts);
    const create = await owner.browser.call('/api/auth/oauth2/create-client', { json: { ...json, ...said } });
    await expectProblem(create, 400, 'validation_failed');
    const { client_id } = await registerApp(owner);
    const change = { client_id, update: said };
    const update = await owner.browser.call('/api/auth/oauth2/update-client', { json: change });
    await expectProblem(update, 400, 'validation_failed');
    const named = { client_id, update: { client_name: 'Another name', client_uri: 'https://app.example/' } };
    expect((await owner.browser.call('/api/auth/oauth2/update-client', { json: named })).ok).toBe(true);
  });

  it('holds an app to the scopes it was registered with, which are for reading where it named none', async () => {
    const owner = await signedUp(accounts, 'artist');
    const reader = await registerApp(owner, { scope: undefined });
    const narrow = await registerApp(owner, { scope: 'account:read' });
    for (const [app, scope, isAllowed] of [
      [reader, 'account:read library:read', true],
      [reader, 'account:write', false],
      [reader, 'tracks:upload', false],
      [narrow, 'account:read', true],
      [narrow, 'library:read', false],
    ] as const) {
      const to = await follow(owner, authorizePath(app, { ...CHALLENGE, scope }));
      expect([scope, to.searchParams.get('error')]).toEqual([scope, isAllowed ? null : 'invalid_scope']);
    }
  });

  it('lets nobody change or remove the app of another', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    const { client_id } = await registerApp(ann);
    const update = { redirect_uris: ['https://elsewhere.example/callback'] };
    for (const [path, body] of [
      ['/api/auth/oauth2/update-client', { client_id, update }],
      ['/api/auth/oauth2/delete-client', { client_id }],
    ] as const) {
      expect((await ben.browser.call(path, { json: body })).ok).toBe(false);
    }
    const [row] = await rowsOf('SELECT redirect_uris FROM oauth_clients WHERE client_id = ?', client_id);
    expect(row).toEqual({ redirect_uris: JSON.stringify([REDIRECT_URI]) });
    const secret = { client_id, update: { token_endpoint_auth_method: 'client_secret_basic' } };
    expect((await ann.browser.call('/api/auth/oauth2/update-client', { json: secret })).status).toBe(400);
    expect((await ann.browser.call('/api/auth/oauth2/delete-client', { json: { client_id } })).ok).toBe(true);
  });
});

describe('the token endpoint', () => {
  it('knows no other grants', async () => {
    const { app } = await person();
    for (const grant_type of ['client_credentials', 'password', 'implicit']) {
      const answer = await askToken(accounts, { grant_type, client_id: app.client_id });
      expect(answer.status).toBe(400);
      expect(['unsupported_grant_type', 'unauthorized_client']).toContain(
        (await read<{ error: string }>(answer)).error,
      );
    }
  });

  it('takes forms and nothing else, as RFC 6749 has it', async () => {
    const answer = await accounts.api(`${PUBLIC_ORIGIN}/api/auth/oauth2/token`, {
      body: 'grant_type=refresh_token',
      headers: { 'content-type': 'text/plain' },
    });
    await expectProblem(answer, 415, 'unsupported_media_type');
  });
});

describe('what apps read first', () => {
  it.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
    '%s says where everything is and what is possible',
    async (path) => {
      const answer = await accounts.api(`${PUBLIC_ORIGIN}${path}`);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(await read(answer)).toMatchObject({
        issuer: PUBLIC_ORIGIN,
        authorization_endpoint: `${PUBLIC_ORIGIN}/api/auth/oauth2/authorize`,
        token_endpoint: `${PUBLIC_ORIGIN}/api/auth/oauth2/token`,
        revocation_endpoint: `${PUBLIC_ORIGIN}/api/auth/oauth2/revoke`,
        jwks_uri: `${PUBLIC_ORIGIN}/api/auth/jwks`,
        code_challenge_methods_supported: ['S256'],
        response_types_supported: ['code'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none'],
        id_token_signing_alg_values_supported: ['EdDSA'],
      });
    },
  );

  it('an ID token and user info say who somebody is, where the app may know', async () => {
    const { ann, app } = await person();
    const tokens = await tokensFor(accounts, ann, app, 'openid email');
    expect(tokens.refresh_token).toBeUndefined();
    const bearer = (token = '') => ({ headers: { authorization: `Bearer ${token}` } });
    const info = await accounts.api(`${PUBLIC_ORIGIN}/api/auth/oauth2/userinfo`, bearer(tokens.access_token));
    expect(await read(info)).toMatchObject({ sub: ann.id, email: ann.email });
    // An ID token is for the app: it opens nothing here.
    await expectProblem(await accounts.api('/api/v1/me', bearer(tokens.id_token)), 401, 'unauthenticated');
  });
});
