import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { accountsIn } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { anArtist, aRelease, aTrack, hideTrack } from '../support/catalogue.ts';
import { aListener } from '../support/listening.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('development', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });

interface Recent {
  kind: string;
  card: Record<string, unknown>;
  playedAt: string;
}
interface Resume {
  revision: number;
  point: { trackId: string; positionSeconds: number; queue: string[]; track: unknown } | null;
}

describe('recently played', () => {
  it('are the things that were played from, each once, the newest first, a track where it was nothing else', async () => {
    const { play, call } = await aListener(accounts);
    const [trackId, lone, artistId] = [await aTrack(), await aTrack(), await anArtist()];
    const releaseId = await aRelease(artistId);
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const release = { kind: 'release', id: releaseId };
    await play(
      { trackId, source: release, startedAt: ago(1) },
      { trackId, source: { kind: 'artist', id: artistId }, startedAt: ago(3) },
      { trackId: lone, source: { kind: 'search' }, startedAt: ago(2) },
    );
    // Comes late, from offline: what was played since stays newer.
    await play({ trackId, source: release, startedAt: ago(9) });
    const recent = async (query = '') =>
      (await read<{ items: Recent[] }>(await call(`/api/v1/me/recent${query}`))).items;
    expect(await recent()).toMatchObject([
      { kind: 'release', card: { releaseId } },
      { kind: 'track', card: { trackId: lone } },
      { kind: 'artist', card: { artistId } },
    ]);
    expect(await recent('?limit=1')).toHaveLength(1);
    await hideTrack(lone);
    expect((await recent()).map(({ kind }) => kind)).toEqual(['release', 'artist']);
    await expectProblem(await call('/api/v1/me/recent?limit=51'), 400, 'validation_failed');
  });

  it('are no more than a hundred, whatever was played', async () => {
    const { play, id } = await aListener(accounts);
    const trackId = await aTrack();
    const sources = Array.from({ length: 130 }, () => newId('rel'));
    const start = Date.now() - 3_600_000;
    for (let at = 0; at < sources.length; at += 50) {
      const some = sources.slice(at, at + 50);
      await play(
        ...some.map((releaseId, i) => ({
          trackId,
          source: { kind: 'release', id: releaseId },
          startedAt: new Date(start + (at + i) * 1000).toISOString(),
        })),
      );
    }
    const kept = await rowsOf<{ id: string }>(
      'SELECT source_id AS id FROM recent_sources WHERE user_id = ? ORDER BY played_at_ms',
      id,
    );
    expect(kept.map((row) => row.id)).toEqual(sources.slice(-100));
  });

  it('lose what was played from when its last play goes', async () => {
    const { play, call, history } = await aListener(accounts);
    await play({ trackId: await aTrack() });
    const [heard] = await history();
    await call(`/api/v1/me/history/${heard?.playId}`, { method: 'DELETE' });
    expect(await read(await call('/api/v1/me/recent'))).toEqual({ items: [], nextCursor: null });
  });
});

describe('where somebody left off', () => {
  it('is there on every device, and who has not seen the newest is told instead of overwriting it', async () => {
    const { call } = await aListener(accounts);
    const [one, two] = [await aTrack({ title: 'One' }), await aTrack({ title: 'Two' })];
    const get = async () => read<Resume>(await call('/api/v1/me/resume'));
    const put = (json: object) => call('/api/v1/me/resume', { method: 'PUT', json });
    expect(await get()).toEqual({ revision: 0, point: null });
    const first = { trackId: one, positionSeconds: 61.5, queue: [one, two], source: { kind: 'likes' } };
    expect(await read<Resume>(await put({ revision: 0, ...first }))).toMatchObject({ revision: 1 });
    expect(await get()).toMatchObject({
      revision: 1,
      point: { ...first, source: { kind: 'likes', id: null }, track: { title: 'One' } },
    });
    expect((await put({ revision: 1, trackId: two, positionSeconds: 3 })).status).toBe(200);
    const late = await put({ revision: 1, ...first });
    const problem = await expectProblem(late, 409, 'revision_conflict');
    expect((problem as unknown as { stored: Resume }).stored).toMatchObject({
      revision: 2,
      point: { trackId: two, queue: [] },
    });
    expect(await get()).toMatchObject({ revision: 2, point: { trackId: two, positionSeconds: 3 } });
  });

  it('of many devices at the same moment takes one, and tells the others', async () => {
    const { call } = await aListener(accounts);
    const trackId = await aTrack();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, positionSeconds) =>
        call('/api/v1/me/resume', { method: 'PUT', json: { revision: 0, trackId, positionSeconds } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)]);
  });

  it('can be forgotten, and no device that was asleep brings it back unawares', async () => {
    const { call } = await aListener(accounts);
    const json = { trackId: await aTrack(), positionSeconds: 1 };
    await call('/api/v1/me/resume', { method: 'PUT', json: { revision: 0, ...json } });
    expect((await call('/api/v1/me/resume', { method: 'DELETE' })).status).toBe(204);
    expect(await read<Resume>(await call('/api/v1/me/resume'))).toEqual({ revision: 2, point: null });
    const asleep = await call('/api/v1/me/resume', { method: 'PUT', json: { revision: 1, ...json } });
    await expectProblem(asleep, 409, 'revision_conflict');
    expect((await call('/api/v1/me/resume', { method: 'PUT', json: { revision: 2, ...json } })).status).toBe(
      200,
    );
  });

  it('has a queue of at most five hundred tracks', async () => {
    const { call } = await aListener(accounts);
    const trackId = await aTrack();
    const put = (length: number) =>
      call('/api/v1/me/resume', {
        method: 'PUT',
        json: { revision: 0, trackId, positionSeconds: 0, queue: Array(length).fill(trackId) },
      });
    await expectProblem(await put(501), 400, 'validation_failed');
    expect((await put(500)).status).toBe(200);
  });
});

it('no question about listening reads a whole table', async () => {
  const { play, call, history } = await aListener(accounts);
  const asked: string[] = [];
  const prepare = env.DB.prepare.bind(env.DB);
  vi.spyOn(env.DB, 'prepare').mockImplementation((sql) => {
    asked.push(sql);
    return prepare(sql);
  });
  const trackId = await aTrack();
  await play({ trackId }, { trackId });
  for (const query of ['?limit=1', '?q=a&limit=1']) {
    const { nextCursor } = await read<{ nextCursor: string }>(await call(`/api/v1/me/history${query}`));
    await history(`${query}&cursor=${nextCursor}`);
  }
  await call('/api/v1/me/recent');
  await call('/api/v1/me/resume');
  await call(`/api/v1/me/history?after=2020-01-01T00:00:00Z`, { method: 'DELETE' });
  vi.restoreAllMocks();
  const ours = [...new Set(asked)].filter((sql) =>
    /"(plays|recent_sources|resume_points|history_settings)"/.test(sql),
  );
  expect(ours.length).toBeGreaterThan(10);
  for (const sql of ours) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...Array.from(sql.matchAll(/\?/g), () => '1'))
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).join('; ');
    // The newest plays that a search looks at are themselves found by the index, and looked at in their order.
    expect(plan.replace('SCAN newest', ''), sql).not.toMatch(/SCAN (?!CONSTANT)/);
  }
});
