import { describe, expect, it } from 'vitest';
import { sweepPlaylists } from '../../src/features/playlists/own-data.ts';
import { UNDO_MS } from '../../src/features/playlists/policy.ts';
import { servicesOf } from '../../src/services.ts';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import { BLUE, pngOf, RED } from '../support/pictures.ts';
import { addTracks, makePlaylist, type PlaylistAnswer, tracksLike } from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { keysUnder } from '../support/state.ts';

// Pictures are made by the real transcoder.
const bindings = bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1000' });
const api = apiWith(bindings);
const alice = { as: 'alice' } as const;
const coverOf = (playlistId: string) => `/api/v1/playlists/${playlistId}/cover`;

describe('a cover of its own', () => {
  it('is shown in place of those of the tracks, until it is taken away, and leaves no pictures behind', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    await addTracks(api, playlistId, await tracksLike([{ hasArtwork: true }, { hasArtwork: true }]), alice);
    const put = async (colours: Parameters<typeof pngOf>[2]) =>
      api(coverOf(playlistId), { ...alice, method: 'PUT', body: await pngOf(300, 300, colours) });
    expect((await put([RED, BLUE])).status).toBe(200);
    const given = await read<PlaylistAnswer & { hasOwnCover: boolean }>(await put([BLUE, RED]));
    expect([given.hasOwnCover, given.covers.length]).toEqual([true, 1]);
    expect((await api(given.covers[0]?.url300 ?? '')).status).toBe(200);
    expect(await keysUnder(`images/${playlistId}/`)).toHaveLength(3);
    for (let i = 0; i < 2; i++) {
      expect((await api(coverOf(playlistId), { ...alice, method: 'DELETE' })).status).toBe(204);
    }
    const without = await read<PlaylistAnswer>(await api(`/api/v1/playlists/${playlistId}`));
    expect(without.covers).toHaveLength(2);
    expect(await keysUnder(`images/${playlistId}/`)).toEqual([]);
  });

  it('is given by its owner only, and is a picture', async () => {
    const playlistId = await makePlaylist(api, alice, { visibility: 'public' });
    const body = await pngOf(64, 64, [RED, BLUE]);
    const asBob = { as: 'bob' } as const;
    await expectProblem(await api(coverOf(playlistId), { ...asBob, method: 'PUT', body }), 403, 'forbidden');
    await expectProblem(await api(coverOf(playlistId), { ...asBob, method: 'DELETE' }), 403, 'forbidden');
    const noPicture = await api(coverOf(playlistId), { ...alice, method: 'PUT', body: '<svg/>' });
    await expectProblem(noPicture, 422, 'unsupported_picture');
    expect(await keysUnder(`images/${playlistId}/`)).toEqual([]);
  });

  it('goes with the playlist', async () => {
    const playlistId = await makePlaylist(api, alice);
    const body = await pngOf(64, 64, [RED, BLUE]);
    expect((await api(coverOf(playlistId), { ...alice, method: 'PUT', body })).status).toBe(200);
    await api(`/api/v1/playlists/${playlistId}`, { ...alice, method: 'DELETE' });
    await sweepPlaylists(servicesOf(bindings).playlists, Date.now() + UNDO_MS + 60_000, 100);
    expect(await keysUnder(`images/${playlistId}/`)).toEqual([]);
  });
});
