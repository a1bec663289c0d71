import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import { anyRecording } from '../support/audio.ts';
import { operations } from '../support/openapi.ts';
import { describeRefusals, type Fixtures } from '../support/refusals.ts';
import { openUpload } from '../support/uploading.ts';

const api = apiWith(bindingsWith(PRODUCTION));
const all = await operations();
const { browser } = await signedUp(accountsIn('development'), 'admin');

const fixtures: Fixtures = {
  api,
  ambientApi: (path, call) => browser.call(path, call),
  parameters: {
    number: '1',
    sizePx: '64',
    deadLetterId: 'a-letter',
    // In production nobody sees a message, whoever asks.
    mailId: newId('eml'),
    token: 'a-token',
    version: newId('ver'),
    path: 'master.m3u8',
    sessionId: newId('sgn'),
    keyId: newId('key'),
    exportId: newId('exp'),
    clientId: 'a'.repeat(32),
    handle: 'nobody_here',
    userId: 'alice',
    ownerId: newId('usr'),
    imageId: newId('img'),
    widthPx: '64',
    kind: 'track',
    playId: newId('ply'),
    id: newId('trk'),
    releaseSlug: 'nothing',
    slug: 'nothing',
    invitationId: newId('inv'),
  },
  bodies: {
    'PATCH /api/v1/releases/{releaseId}': { title: 'Theirs now' },
    'PUT /api/v1/releases/{releaseId}/credits': { credits: [] },
    'PUT /api/v1/releases/{releaseId}/tracks': { tracks: [{ trackId: newId('trk') }] },
    'PATCH /api/v1/releases/{releaseId}/tracks': { trackIds: [newId('trk')], change: { explicit: true } },
    'POST /api/v1/releases/{releaseId}/schedule': { localDateTime: '2030-01-01T00:00', timeZone: 'UTC' },
    'PATCH /api/v1/tracks/{trackId}': { title: 'Theirs now' },
    'PUT /api/v1/tracks/{trackId}/credits': { credits: [] },
    'PUT /api/v1/tracks/{trackId}/lyrics': { plain: 'Theirs', lrc: null },
    'PATCH /api/v1/artists/{artistId}': { name: 'Theirs now' },
    'POST /api/v1/artists/{artistId}/members': { handle: 'bob', role: 'owner' },
    'PATCH /api/v1/artists/{artistId}/members/{userId}': { role: 'editor' },
    'PATCH /api/v1/playlists/{playlistId}': { title: 'Another' },
    'POST /api/v1/playlists/{playlistId}/entries': { entries: [{ trackId: newId('trk') }] },
    'POST /api/v1/playlists/{playlistId}/entries/removals': { entryIds: [newId('ple')] },
    'POST /api/v1/playlists/{playlistId}/entries/restorations': { entryIds: [newId('ple')] },
    'POST /api/v1/playlists/{playlistId}/entries/moves': { entryIds: [newId('ple')] },
  },
  unowned: [
    'number',
    'sizePx',
    'version',
    'path',
    'token',
    'handle',
    'userId',
    'ownerId',
    'imageId',
    'widthPx',
    'kind',
    'id',
    'slug',
    'releaseSlug',
  ],
};
// The suite is laid out before anything runs, so what it is about must be there now.
const { uploadId, trackId } = await openUpload(api, 'alice', anyRecording());
const made = await api('/api/v1/artists', { as: 'alice', json: { name: 'Refused' } });
const { artistId } = await read<{ artistId: string }>(made);
const playlistId = newId('pls');
await api('/api/v1/playlists', { as: 'alice', json: { playlistId, title: 'Hers alone' } });
const begun = await api('/api/v1/releases', { as: 'alice', json: { artistId } });
const { releaseId } = await read<{ releaseId: string }>(begun);
Object.assign(fixtures.parameters, { uploadId, trackId, artistId, playlistId, releaseId });

describe('refusals', () => {
  beforeAll(() => {
    expect(all.length, 'the document was read').toBeGreaterThan(15);
  });

  for (const operation of all) describeRefusals(operation, fixtures);

  it('leave everything as it was', async () => {
    const answer = await api(`/api/v1/uploads/${uploadId}`, { as: 'alice' });
    expect(await answer.json()).toMatchObject({ state: 'receiving', receivedParts: [] });
  });
});
