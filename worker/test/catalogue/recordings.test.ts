import { beforeAll, describe, expect, it } from 'vitest';
import { read } from '../support/api.ts';
import { expectProblem } from '../support/refusals.ts';
import { keysUnder } from '../support/state.ts';
import { openStudio, type Studio } from '../support/studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});

const patchTrack = (trackId: string, json: unknown) =>
  studio.call(`/api/v1/tracks/${trackId}`, { method: 'PATCH', json });

describe('files dropped on a release', () => {
  it('are in the order of their names, then of their tags, and fill what nobody typed', async () => {
    const { releaseId } = await studio.begin();
    const names = ['10 ten.flac', '2 two.flac', '1 one.flac'];
    for (const [at, fileName] of names.entries())
      await studio.drop(
        {
          title: `T${at}`,
          album: 'Tagged',
          trackNumber: at + 1,
          date: '2024-05-01',
          genre: 'Ambient',
          hasCover: true,
        },
        { releaseId, fileName },
      );
    const before = await studio.edit(releaseId);
    expect(before.tracks.map(({ fileName }) => fileName)).toEqual([...names].reverse());
    await studio.call(`/api/v1/releases/${releaseId}`, {
      method: 'PATCH',
      json: { title: 'Typed', genres: [] },
    });
    await patchTrack(before.tracks[0]?.trackId ?? '', { title: 'Typed too' });
    await studio.drain();
    const after = await studio.edit(releaseId);
    expect(after).toMatchObject({ title: 'Typed', genres: [], releaseDate: '2024-05-01', trackCount: 3 });
    expect(after.artwork).not.toBeNull();
    expect(after.tracks.map(({ title }) => title)).toEqual(['T0', 'T1', 'Typed too']);
  });
});

describe('a track that gets other audio', () => {
  it('plays the old until the new is there, and goes back with one action', async () => {
    const { tracks } = await studio.complete(['One']);
    const trackId = tracks[0]?.trackId ?? '';
    const edit = async () =>
      read<{ durationSeconds: number; replacement: unknown; fileName: string; title: string }>(
        await studio.call(`/api/v1/tracks/${trackId}/edit`),
      );
    const versions = async () =>
      read<{ items: { version: string; isShown: boolean }[] }>(
        await studio.call(`/api/v1/tracks/${trackId}/versions`),
      );
    await studio.drop({ title: 'Other', durationSeconds: 30 }, { replaces: trackId, fileName: 'new.flac' });
    expect(await edit()).toMatchObject({ durationSeconds: 20, replacement: { state: 'queued' } });
    await expectProblem(
      await studio.call('/api/v1/uploads', { json: { fileName: 'x.flac', sizeBytes: 9, replaces: trackId } }),
      409,
      'replacement_running',
    );
    await studio.drain();
    expect(await edit()).toMatchObject({
      durationSeconds: 30,
      replacement: null,
      fileName: 'new.flac',
      title: 'One',
    });
    const { items } = await versions();
    expect(items.map(({ isShown }) => isShown)).toEqual([true, false]);
    expect((await keysUnder(`hls/${trackId}/${items[1]?.version}/`)).length).toBeGreaterThan(3);
    const back = await studio.call(`/api/v1/tracks/${trackId}/versions/${items[1]?.version}/restore`, {
      method: 'POST',
    });
    expect(back.status).toBe(200);
    expect(await edit()).toMatchObject({ durationSeconds: 20 });
    expect((await versions()).items.map(({ version }) => version)).toEqual([
      items[1]?.version,
      items[0]?.version,
    ]);
    await studio.drop({ fault: 'corrupt' }, { replaces: trackId });
    await studio.drain();
    expect(await edit()).toMatchObject({ durationSeconds: 20, replacement: { state: 'failed' } });
  });
});
