import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { anArtist, aRelease, aTrack, hideTrack } from '../support/catalogue.ts';
import { aListener, type Heard, playCount } from '../support/listening.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('development', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });
const uuid = () => crypto.randomUUID();
const DAY_MS = 86_400_000;

describe('a play', () => {
  it('counts after thirty seconds or half of the track, by the length that the server knows', async () => {
    const { play } = await aListener(accounts);
    const [long, short, unknown] = [
      await aTrack({ durationSeconds: 200 }),
      await aTrack({ durationSeconds: 20 }),
      await aTrack({ durationSeconds: null }),
    ];
    await play({ trackId: long, listenedSeconds: 29.9 }, { trackId: short, listenedSeconds: 9.9 });
    expect([await playCount(long), await playCount(short)]).toEqual([0, 0]);
    await play(
      { trackId: long, listenedSeconds: 30 },
      { trackId: short, listenedSeconds: 10 },
      { trackId: unknown, listenedSeconds: 31 },
    );
    expect([await playCount(long), await playCount(short), await playCount(unknown)]).toEqual([1, 1, 1]);
  });

  it('counts once, however often it is sent and at the same moment, alone and beside others', async () => {
    const { play } = await aListener(accounts);
    const trackId = await aTrack();
    const [one, two] = [
      { id: uuid(), trackId, listenedSeconds: 60 },
      { id: uuid(), trackId, listenedSeconds: 45 },
    ];
    await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        i % 3 === 0 ? play(one, two, one) : play(i % 2 === 0 ? one : two),
      ),
    );
    expect(await playCount(trackId)).toBe(2);
    expect(await rowsOf('SELECT id FROM plays WHERE track_id = ?', trackId)).toHaveLength(2);
  });

  it('that grows is one play, counted when it is long enough, whatever order its reports come in', async () => {
    const { play, history } = await aListener(accounts);
    const trackId = await aTrack();
    const grown = (listenedSeconds: number) => ({ id: uuidOnce, trackId, listenedSeconds });
    const uuidOnce = uuid();
    await play(grown(5));
    expect(await playCount(trackId)).toBe(0);
    await play(grown(31));
    await play(grown(90));
    await play(grown(12));
    expect(await playCount(trackId)).toBe(1);
    expect(await history()).toMatchObject([{ track: { trackId }, listenedSeconds: 90 }]);
    await Promise.all([grown(91), grown(120), grown(2), grown(100)].map((report) => play(report)));
    expect(await playCount(trackId)).toBe(1);
    expect(await history()).toMatchObject([{ listenedSeconds: 120 }]);
  });

  it('of one person is not another’s, though their players made the same id', async () => {
    const [ann, ben] = [await aListener(accounts), await aListener(accounts)];
    const report = { id: uuid(), trackId: await aTrack(), listenedSeconds: 60 };
    await ann.play(report);
    await ben.play({ ...report, id: report.id.toUpperCase() });
    expect(await playCount(report.trackId)).toBe(2);
    expect([(await ann.history()).length, (await ben.history()).length]).toEqual([1, 1]);
    // The same id for another track is not another play.
    const other = await aTrack();
    await ann.play({ ...report, trackId: other });
    expect([await playCount(report.trackId), await playCount(other)]).toEqual([2, 0]);
  });

  it('by who made the track, or plays in the band, is theirs to see and counts for nobody', async () => {
    const ann = await aListener(accounts);
    const artistId = await anArtist();
    await rowsOf(
      "INSERT INTO artist_members (artist_id, user_id, role, created_at_ms) VALUES (?, ?, 'editor', 1) RETURNING role",
      artistId,
      ann.id,
    );
    const [own, ofBand] = [await aTrack({ ownerId: ann.id }), await aTrack({ artistId, isListed: false })];
    const receipts = await ann.play(
      { trackId: own, listenedSeconds: 100 },
      { trackId: ofBand, listenedSeconds: 100 },
    );
    expect(receipts.map(({ accepted }) => accepted)).toEqual([true, true]);
    expect([await playCount(own), await playCount(ofBand)]).toEqual([0, 0]);
    expect(await ann.history()).toHaveLength(2);
    expect(await rowsOf('SELECT mark FROM plays WHERE user_id = ?', ann.id)).toEqual([
      { mark: 'self' },
      { mark: 'self' },
    ]);
  });

  it('that cannot have been is refused alone, with a reason, and leaves nothing', async () => {
    const { play, history } = await aListener(accounts);
    const [trackId, hidden] = [await aTrack(), await aTrack({ isListed: false })];
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const receipts = await play(
      { trackId, startedAt: at(-31 * DAY_MS) },
      { trackId, startedAt: at(10 * 60_000) },
      { trackId: hidden },
      { trackId: newId('trk') },
      { trackId, startedAt: at(-29 * DAY_MS) },
      { trackId, startedAt: at(60_000) },
    );
    expect(receipts.map(({ reason }) => reason)).toEqual([
      'too_old',
      'in_future',
      'unknown_track',
      'unknown_track',
      null,
      null,
    ]);
    expect(await history()).toHaveLength(2);
    expect([await playCount(trackId), await playCount(hidden)]).toEqual([2, 0]);
  });

  it('is told with ids, times and sources that are ones, at most fifty at once', async () => {
    const { call } = await aListener(accounts);
    const trackId = await aTrack();
    const good = { id: uuid(), trackId, startedAt: new Date().toISOString(), listenedSeconds: 1 };
    const send = (...plays: object[]) => call('/api/v1/plays', { json: { plays } });
    for (const wrong of [
      { id: 'x' },
      { id: `${'1'.repeat(26)}u` },
      { startedAt: 'yesterday' },
      { listenedSeconds: -1 },
      { listenedSeconds: 1e9 },
      { source: { kind: 'release', id: trackId } },
      { source: { kind: 'release' } },
      { source: { kind: 'search', id: trackId } },
      { quality: '96' },
    ]) {
      await expectProblem(await send({ ...good, ...wrong }), 400, 'validation_failed');
    }
    const many = Array.from({ length: 51 }, () => ({ ...good, id: uuid() }));
    await expectProblem(await send(...many), 400, 'validation_failed');
    expect((await send(...many.slice(1))).status).toBe(202);
    expect(await playCount(trackId)).toBe(0);
    expect((await send({ ...good, id: '01KAF3W5C8Q2T9V7X1Y4Z6B0DE' })).status).toBe(202);
  });
});

describe('a history', () => {
  it('is newest first in pages that neither repeat nor miss one, whenever plays come in', async () => {
    const { play, call } = await aListener(accounts);
    const trackId = await aTrack();
    const at = Date.now() - DAY_MS;
    const times = [5, 1, 4, 4, 4, 2, 3].map((seconds) => new Date(at + seconds * 1000).toISOString());
    await play(...times.map((startedAt) => ({ trackId, startedAt })));
    const seen: Heard[] = [];
    for (let cursor = ''; ; ) {
      const page = await read<{ items: Heard[]; nextCursor: string | null }>(
        await call(`/api/v1/me/history?limit=2${cursor}`),
      );
      seen.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen.map(({ startedAt }) => startedAt)).toEqual(times.toSorted().reverse());
    expect(new Set(seen.map(({ playId }) => playId)).size).toBe(7);
  });

  it('is searched by any words of title, artist and release, whatever case, accents and order', async () => {
    const { play, history } = await aListener(accounts);
    const artistId = await anArtist('Björk & Дельфин');
    const releaseId = await aRelease(artistId, { title: 'Über den Wolken' });
    const found = await aTrack({ title: 'Café 100%', artist: null, artistId, releaseId });
    await play({ trackId: found }, { trackId: await aTrack({ title: 'Other' }) }, { trackId: found });
    for (const q of ['cafe', 'WOLKEN bjork', 'дельфин', '100%', '  uber   cafe ']) {
      const items = await history(`?q=${encodeURIComponent(q)}`);
      expect(
        items.map(({ track }) => track?.trackId),
        q,
      ).toEqual([found, found]);
    }
    for (const q of ['cafe other', '%', '_', "' OR 1=1"]) {
      const items = await history(`?q=${encodeURIComponent(q)}`);
      expect(items.length, q).toBe(q === '%' ? 2 : 0);
    }
    expect(await history('?q=%20')).toHaveLength(3);
    const [first] = await history('?q=cafe&limit=1');
    expect(first?.track?.trackId).toBe(found);
  });

  it('shows nothing of a track that went private but that something was heard', async () => {
    const { play, history } = await aListener(accounts);
    const trackId = await aTrack({ title: 'Secret' });
    await play({ trackId, source: { kind: 'search' } });
    await hideTrack(trackId);
    const items = await history();
    expect(items).toMatchObject([{ track: null, source: { kind: 'search', id: null } }]);
    expect(JSON.stringify(items)).not.toContain('Secret');
  });

  it('loses what its owner takes out, the counters do not, and a repeat brings nothing back', async () => {
    const { play, history, call, id } = await aListener(accounts);
    const trackId = await aTrack();
    const reports = Array.from({ length: 3 }, (_, i) => ({
      ...{ id: uuid(), trackId, listenedSeconds: 60 },
      startedAt: new Date(Date.now() - (i + 1) * DAY_MS).toISOString(),
    }));
    await play(...reports);
    const [newest, middle] = await history();
    const one = `/api/v1/me/history/${newest?.playId}`;
    expect((await call(one, { method: 'DELETE' })).status).toBe(204);
    await expectProblem(await call(one, { method: 'DELETE' }), 404, 'not_found');
    expect((await history()).map(({ playId }) => playId)).not.toContain(newest?.playId);
    const before = new Date(Date.parse(middle?.startedAt ?? '') + 1).toISOString();
    const after = middle?.startedAt ?? '';
    await call(`/api/v1/me/history?after=${after}&before=${before}`, { method: 'DELETE' });
    expect(await history()).toHaveLength(1);
    await call('/api/v1/me/history', { method: 'DELETE' });
    expect(await history()).toEqual([]);
    await play(...reports.map((report) => ({ ...report, listenedSeconds: 90 })));
    expect(await history()).toEqual([]);
    expect(await (await call('/api/v1/me/recent')).json()).toEqual({ items: [], nextCursor: null });
    expect(await playCount(trackId)).toBe(3);
    expect(await rowsOf('SELECT id FROM plays WHERE user_id = ?', id)).toEqual([]);
    expect(await rowsOf('SELECT search_text, source_id FROM plays WHERE track_id = ?', trackId)).toEqual(
      Array(3).fill({ search_text: '', source_id: null }),
    );
  });

  it('that is long goes all the same when it is to go', async () => {
    const { call, history, id } = await aListener(accounts);
    const trackId = await aTrack();
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
       INSERT INTO plays (id, user_id, track_id, started_at_ms, listened_seconds, is_counted, source_kind)
       SELECT 'ply_' || ? || i, ?, ?, i, 1, 0, 'other' FROM n RETURNING 1`,
      id,
      id,
      trackId,
    );
    expect((await history()).length).toBe(50);
    expect((await call('/api/v1/me/history', { method: 'DELETE' })).status).toBe(204);
    expect(await rowsOf('SELECT id FROM plays WHERE user_id = ?', id)).toEqual([]);
  });

  it('that is paused takes nothing in, though the play counts; afterwards it goes on', async () => {
    const { play, history, call, id } = await aListener(accounts);
    const trackId = await aTrack();
    const settings = (paused: boolean) =>
      call('/api/v1/me/history/settings', { method: 'PUT', json: { paused } });
    const isPaused = async () => read(await call('/api/v1/me/history/settings'));
    expect(await isPaused()).toEqual({ paused: false });
    await settings(true);
    expect(await isPaused()).toEqual({ paused: true });
    const report = {
      id: uuid(),
      trackId,
      listenedSeconds: 60,
      source: { kind: 'playlist', id: newId('pls') },
    };
    await play(report);
    await play(report);
    expect([await playCount(trackId), (await history()).length]).toEqual([1, 0]);
    const kept = JSON.stringify(await rowsOf('SELECT * FROM plays WHERE track_id = ?', trackId));
    for (const secret of [id, report.id, report.source.id]) expect(kept).not.toContain(secret);
    expect(await rowsOf('SELECT * FROM recent_sources WHERE user_id = ?', id)).toEqual([]);
    await settings(false);
    await play({ ...report, listenedSeconds: 90 });
    expect([await playCount(trackId), (await history()).length]).toEqual([1, 0]);
    await play({ trackId, listenedSeconds: 60 });
    expect([await playCount(trackId), (await history()).length]).toEqual([2, 1]);
  });

  it('is nobody else’s to see or to change', async () => {
    const [ann, ben] = [await aListener(accounts), await aListener(accounts)];
    await ann.play({ trackId: await aTrack() });
    const [heard] = await ann.history();
    expect(await ben.history()).toEqual([]);
    await expectProblem(
      await ben.call(`/api/v1/me/history/${heard?.playId}`, { method: 'DELETE' }),
      404,
      'not_found',
    );
    await ben.call('/api/v1/me/history', { method: 'DELETE' });
    expect(await ann.history()).toHaveLength(1);
  });
});

it('a token needs one scope to see what was heard, and another to tell', async () => {
  const person = await signedUp(accounts);
  const keyWith = async (...scopes: string[]) => {
    const json = { name: 'A player', scopes, expiresInDays: null };
    const { key } = await read<{ key: string }>(await person.browser.call('/api/v1/me/api-keys', { json }));
    return { authorization: `Bearer ${key}` };
  };
  const reader = await keyWith('library:read', 'history:read');
  const scrobbler = await keyWith('plays:write');
  const json = {
    plays: [{ id: uuid(), trackId: await aTrack(), startedAt: new Date().toISOString(), listenedSeconds: 3 }],
  };
  await expectProblem(await accounts.api('/api/v1/plays', { headers: reader, json }), 403, 'forbidden');
  expect((await accounts.api('/api/v1/plays', { headers: scrobbler, json })).status).toBe(202);
  await expectProblem(await accounts.api('/api/v1/me/history', { headers: scrobbler }), 403, 'forbidden');
  expect((await accounts.api('/api/v1/me/history', { headers: reader })).status).toBe(200);
});

it('the copy of somebody’s data has what they heard', async () => {
  const { play, id } = await aListener(accounts);
  const trackId = await aTrack();
  await play({ trackId, quality: 'lossless' });
  const documents = new Map<string, unknown>();
  for await (const document of servicesOf(accounts.bindings).myData.sources.documents(id)) {
    if ('content' in document) documents.set(document.path, document.content);
  }
  expect(documents.get('listening/history.json')).toMatchObject([{ trackId, quality: 'lossless' }]);
  expect(documents.get('listening/recent.json')).toMatchObject([{ kind: 'track', id: trackId }]);
  expect(documents.get('listening/settings.json')).toEqual({ paused: false });
});
