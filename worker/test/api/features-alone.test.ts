import type { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { accountsApp } from '../../src/features/accounts/routes.ts';
import { auditApp } from '../../src/features/audit/routes.ts';
import { catalogueApp } from '../../src/features/catalogue/routes.ts';
import { healthApp } from '../../src/features/health/routes.ts';
import { imagesApp } from '../../src/features/images/routes.ts';
import { libraryApp } from '../../src/features/library/routes.ts';
import { mailApp } from '../../src/features/mail/routes.ts';
import { mediaApp } from '../../src/features/media/routes.ts';
import { myDataApp } from '../../src/features/my-data/routes.ts';
import { playbackApp } from '../../src/features/playback/routes.ts';
import { playlistsApp } from '../../src/features/playlists/routes.ts';
import { playsApp } from '../../src/features/plays/routes.ts';
import { transcodesApp } from '../../src/features/transcodes/routes.ts';
import { uploadsApp } from '../../src/features/uploads/routes.ts';
import { baseApp } from '../../src/platform/app.ts';
import type { AppContext } from '../../src/platform/app-context.ts';
import { permissionsOf } from '../../src/platform/auth/permissions.ts';
import type { Principal } from '../../src/platform/auth/principal.ts';
import { newId } from '../../src/platform/ids.ts';
import { NO_LIMITS } from '../../src/platform/limits/limits.ts';
import { MEDIA_KEYS } from '../support/people.ts';

const ANYONE: Principal = {
  id: 'anyone',
  role: 'admin',
  permissions: permissionsOf('admin'),
  emailVerified: true,
  ambient: false,
  sessionId: null,
};

/** Stands for a port of which a test needs a few answers only. */
function port<T>(answers: Record<string, unknown>): T {
  return answers as T;
}

interface Alone {
  app: Hono<AppContext>;
  request: [path: string, init?: RequestInit];
  answers: [status: number, body: unknown];
}

const trackId = newId('trk');
const fine = async () => 'fine';

/** Each feature with ports of straw, one request to it and what it answers. */
const FEATURES: Record<string, () => Alone> = {
  audit: () => ({
    app: auditApp(() =>
      port({ store: { list: async () => [] }, people: { handlesOf: async () => new Map() } }),
    ) as never,
    request: ['/api/v1/security-events'],
    answers: [200, { items: [], nextCursor: null }],
  }),
  accounts: () => ({
    app: accountsApp(() => port({ store: { findUser: async () => null } })) as never,
    request: ['/api/v1/me'],
    answers: [403, expect.objectContaining({ code: 'no_account' })],
  }),
  catalogue: () => ({
    app: catalogueApp(() =>
      port({ reads: {}, tracks: { store: { listPublished: async () => [] } } }),
    ) as never,
    request: ['/api/v1/tracks'],
    answers: [200, { items: [], nextCursor: null }],
  }),
  health: () => ({
    app: healthApp(() => ({ database: fine, bucket: fine, transcoder: fine })) as never,
    request: ['/readyz'],
    answers: [200, { status: 'ready', parts: { database: 'ok', bucket: 'ok', transcoder: 'ok' } }],
  }),
  images: () => ({
    app: imagesApp(() => port({ media: { get: async () => null } })) as never,
    request: [`/api/v1/images/${newId('usr')}/${newId('img')}/64`],
    answers: [404, expect.objectContaining({ code: 'not_found' })],
  }),
  library: () => ({
    app: libraryApp(() =>
      port({ findCounts: async () => [{ targetId: trackId, likeCount: 3, followerCount: 0 }] }),
    ) as never,
    request: [`/api/v1/counts?ids=${trackId}`],
    answers: [200, { items: [{ id: trackId, likes: 3, followers: 0 }] }],
  }),
  mail: () => ({
    app: mailApp(() => port({ store: { listFailed: async () => [] }, hasOutbox: false })) as never,
    request: ['/api/v1/operator/mail/failed'],
    answers: [200, { items: [], nextCursor: null }],
  }),
  media: () => ({
    app: mediaApp(() => MEDIA_KEYS) as never,
    request: [`/media/not-a-token/${trackId}/ver_1/master.m3u8`],
    answers: [403, expect.objectContaining({ code: 'media_token_refused' })],
  }),
  'my-data': () => ({
    app: myDataApp(() =>
      port({
        people: { find: async () => null, cancelDeletion: async () => false },
        links: { verify: async () => false },
      }),
    ) as never,
    request: [
      '/api/v1/deletion-cancellations',
      {
        method: 'POST',
        body: JSON.stringify({ token: 'a-token' }),
        headers: { 'content-type': 'application/json' },
      },
    ],
    answers: [400, expect.objectContaining({ code: 'token_invalid' })],
  }),
  playback: () => ({
    app: playbackApp(() => ({
      findPlayable: async () => ({
        trackId,
        version: 'ver_1',
        isLive: false,
        durationSeconds: 9,
        loudness: null,
        waveformUrl: null,
      }),
      signToken: async () => 'signed',
    })) as never,
    request: [
      '/api/v1/playback',
      { method: 'POST', body: JSON.stringify({ trackId }), headers: { 'content-type': 'application/json' } },
    ],
    answers: [
      200,
      expect.objectContaining({ url: `/media/signed/${trackId}/ver_1/master.m3u8`, durationSeconds: 9 }),
    ],
  }),
  playlists: () => ({
    app: playlistsApp(() =>
      port({ store: { listKept: async () => [] }, findPeople: async () => new Map() }),
    ) as never,
    request: ['/api/v1/me/playlists'],
    answers: [200, { items: [], nextCursor: null }],
  }),
  plays: () => ({
    app: playsApp(() => port({ resume: { find: async () => null } })) as never,
    request: ['/api/v1/me/resume'],
    answers: [200, { revision: 0, point: null }],
  }),
  transcodes: () => ({
    app: transcodesApp(() => port({ letters: { listOpen: async () => [] } })) as never,
    request: ['/api/v1/operator/dead-letters'],
    answers: [200, { items: [], nextCursor: null }],
  }),
  uploads: () => ({
    app: uploadsApp(() =>
      port({
        media: { createMultipartUpload: async () => ({ uploadId: 'multipart' }) },
        store: { create: fine },
        drafts: { createDraft: () => 'a statement' },
      }),
    ) as never,
    request: [
      '/api/v1/uploads',
      {
        method: 'POST',
        body: JSON.stringify({ fileName: 'a.flac', sizeBytes: 1 }),
        headers: { 'content-type': 'application/json' },
      },
    ],
    answers: [201, expect.objectContaining({ partCount: 1 })],
  }),
};

it('all features are tried alone', () => {
  const folders = Object.keys(import.meta.glob('../../src/features/*/routes.ts')).map((path) =>
    path.split('/').at(-2),
  );
  expect(folders.toSorted()).toEqual(Object.keys(FEATURES).toSorted());
});

describe('a feature works without the others', () => {
  it.each(Object.entries(FEATURES))('%s', async (_name, alone) => {
    const { app, request, answers } = alone();
    const base = baseApp({
      resolvePrincipal: () => async () => ANYONE,
      isLogging: () => false,
      limits: () => NO_LIMITS,
    });
    const [path, init] = request;
    const mounted = base.route('/', app as never);
    // No bindings at all: whoever reaches past its ports breaks.
    const response = await mounted.request(path, init, {} as never);
    expect([response.status, await response.json()]).toEqual(answers);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect((await mounted.request('/api/v1/nothing', {}, {} as never)).status).toBe(404);
  });
});
