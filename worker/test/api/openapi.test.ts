import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { PERMISSIONS } from '../../src/platform/auth/permissions.ts';
import { ERRORS } from '../../src/platform/errors.ts';
import { api } from '../support/api.ts';
import { openApiDocument, operations } from '../support/openapi.ts';

/** Routes that are pages about the API, or answer any path below them and are documented as one with parameters. */
const DESCRIBED_ELSEWHERE = new Set([
  'GET /api/openapi.json',
  'GET /api/docs',
  // better-auth's own flows: its documentation describes them, ours would only repeat it.
  'GET /api/auth/*',
  'POST /api/auth/*',
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/openid-configuration',
  'OPTIONS /media/*',
  'GET /media/*',
]);

describe('the OpenAPI document', () => {
  it('lists every route that is mounted and no other', async () => {
    const documented = (await operations()).map(({ method, path }) => `${method} ${path}`);
    const mounted = new Set(
      createApi()
        .routes.filter(({ method }) => method !== 'ALL')
        .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`),
    );
    expect(mounted).toContain('GET /media/*');
    const expected = [...mounted].filter((route) => !DESCRIBED_ELSEWHERE.has(route));
    expect(documented.toSorted()).toEqual(
      [...expected, 'GET /media/{token}/{trackId}/{version}/{path}'].toSorted(),
    );
  });

  it('says of every operation who may call it, and asks for a token exactly where one is needed', async () => {
    for (const { method, path, auth, isSecured } of await operations()) {
      expect(['public', 'principal', 'session', ...Object.keys(PERMISSIONS)], `${method} ${path}`).toContain(
        auth,
      );
      expect(isSecured, `${method} ${path}`).toBe(auth !== 'public');
    }
  });

  it('keeps strangers out of all but listening, the public catalogue, public profiles, links of mails, health and the outbox of development', async () => {
    const open = (await operations())
      .filter(({ auth }) => auth === 'public')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.toSorted()).toEqual([
      'GET /api/v1/artists/{artistId}',
      'GET /api/v1/artists/{artistId}/appearances',
      'GET /api/v1/artists/{artistId}/releases',
      'GET /api/v1/artists/{artistId}/releases/{releaseSlug}',
      'GET /api/v1/artists/{artistId}/tracks',
      'GET /api/v1/auth-options',
      'GET /api/v1/counts',
      'GET /api/v1/dev/outbox',
      'GET /api/v1/dev/outbox/{mailId}',
      'GET /api/v1/dev/outbox/{mailId}/html',
      'GET /api/v1/genres',
      'GET /api/v1/genres/{slug}',
      'GET /api/v1/genres/{slug}/releases',
      'GET /api/v1/home',
      'GET /api/v1/images/{ownerId}/{imageId}/{widthPx}',
      'GET /api/v1/people/{handle}',
      'GET /api/v1/people/{handle}/playlists',
      'GET /api/v1/playlists/smart/fields',
      'GET /api/v1/playlists/{playlistId}',
      'GET /api/v1/playlists/{playlistId}/entries',
      'GET /api/v1/playlists/{playlistId}/export',
      'GET /api/v1/releases',
      'GET /api/v1/releases/{releaseId}',
      'GET /api/v1/tags',
      'GET /api/v1/tags/{slug}',
      'GET /api/v1/tags/{slug}/releases',
      'GET /api/v1/tracks',
      'GET /api/v1/tracks/{trackId}',
      'GET /api/v1/tracks/{trackId}/artwork/{sizePx}',
      'GET /api/v1/tracks/{trackId}/events',
      'GET /api/v1/tracks/{trackId}/lyrics',
      'GET /api/v1/tracks/{trackId}/original',
      'GET /api/v1/tracks/{trackId}/waveform',
      'GET /healthz',
      'GET /media/{token}/{trackId}/{version}/{path}',
      'GET /readyz',
      'POST /api/v1/deletion-cancellations',
      'POST /api/v1/playback',
      'POST /api/v1/playlist-invitations/look',
    ]);
  });

  it('documents errors as problem+json with codes of the closed list', async () => {
    const document = await openApiDocument();
    expect(document.openapi).toBe('3.1.0');
    for (const { method, path, auth, responses } of await operations()) {
      const errors = Object.entries(responses).filter(
        ([status]) => Number(status) >= 400 && status !== '503',
      );
      expect(
        errors.map(([status]) => status),
        `${method} ${path}`,
      ).toContain('500');
      if (auth !== 'public')
        expect(
          errors.map(([status]) => status),
          `${method} ${path}`,
        ).toContain('401');
      for (const [, { content }] of errors)
        expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
    }
    const text = JSON.stringify(document);
    for (const code of Object.keys(ERRORS)) expect(text).toContain(`"${code}"`);
  });

  it('is shown where people look for it, by a page of the web app', async () => {
    const answer = await api('/api/docs');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/developers']);
  });
});
