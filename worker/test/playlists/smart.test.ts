import { env } from 'cloudflare:workers';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE_SMART_FIELDS, NEWEST_TRACKS } from '../../src/features/catalogue/smart-fields.ts';
import { LIBRARY_SMART_FIELDS } from '../../src/features/library/smart-fields.ts';
import { compileRules, MAX_CANDIDATES } from '../../src/features/playlists/smart/compile.ts';
import { type SmartRules, smartRulesSchema } from '../../src/features/playlists/vocabulary.ts';
import { PLAYS_SMART_FIELDS } from '../../src/features/plays/smart-fields.ts';
import { apiWith, bindingsWith, PRODUCTION, read } from '../support/api.ts';
import { makePlaylist, type PlaylistAnswer, tracksLike } from '../support/playlists.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const api = apiWith(bindingsWith({ ...PRODUCTION, RATE_LIMIT_FACTOR: '1000' }));
const FIELDS = [...CATALOGUE_SMART_FIELDS, ...LIBRARY_SMART_FIELDS, ...PLAYS_SMART_FIELDS];
const mark = `s${Date.now().toString(36)}`;

type Rule = { field: string; operator: string; value: unknown };
const rule = (field: string, operator: string, value: unknown): Rule => ({ field, operator, value });
const all = (...rules: unknown[]) => ({ match: 'all', rules });

function compiled(rules: unknown): { sql: string; params: unknown[] } {
  const query = compileRules(smartRulesSchema.parse(rules) as SmartRules, {
    fields: FIELDS,
    newest: NEWEST_TRACKS,
    ownerId: 'alice',
    nowMs: Date.now(),
  });
  return new SQLiteSyncDialect().sqlToQuery(query);
}

async function preview(rules: object, as: 'alice' | 'bob' = 'alice') {
  const answer = await api('/api/v1/playlists/smart/preview', { as, json: { rules } });
  expect(answer.status).toBe(200);
  return read<PlaylistAnswer['entries']>(answer);
}
const titles = async (rules: object, as: 'alice' | 'bob' = 'alice') =>
  (await preview(rules, as)).items.map(({ track }) => track?.title);

let ids: string[] = [];
beforeAll(async () => {
  ids = await tracksLike([
    { title: `${mark} Alpha`, artist: `${mark} One`, durationSeconds: 100 },
    { title: `${mark} beta`, artist: `${mark} One`, durationSeconds: 200 },
    { title: `${mark} Gamma 100%`, artist: `${mark} Two`, durationSeconds: 300 },
    { title: `${mark} Hidden`, artist: `${mark} One`, isListed: false },
  ]);
  const now = Date.now();
  await rowsOf('UPDATE tracks SET play_count = 7, explicit = 1 WHERE id = ? RETURNING id', ids[1]);
  await rowsOf(
    "UPDATE tracks SET release_date = '1999-05-01', release_id = ? WHERE id = ? RETURNING id",
    `rel-${mark}`,
    ids[2],
  );
  await rowsOf(
    "INSERT INTO release_labels (release_id, kind, slug, position, listed_at_ms) VALUES (?, 'genre', ?, 0, 1) RETURNING 1",
    `rel-${mark}`,
    `${mark}-jazz`,
  );
  for (const id of [ids[0], ids[3]]) {
    await rowsOf(
      "INSERT INTO likes (user_id, kind, target_id, created_at_ms) VALUES ('alice', 'track', ?, ?) RETURNING 1",
      id,
      now,
    );
  }
  await rowsOf(
    "INSERT INTO ratings (user_id, track_id, stars, rated_at_ms) VALUES ('alice', ?, 4, 1) RETURNING 1",
    ids[2],
  );
});

/** Puts plays into histories. */
async function played(...plays: [userId: string, trackId: string | undefined, daysAgo: number][]) {
  for (const [userId, trackId, daysAgo] of plays) {
    await rowsOf(
      "INSERT INTO plays (id, user_id, track_id, started_at_ms, listened_seconds, is_counted, source_kind) VALUES (?, ?, ?, ?, 60, 1, 'search') RETURNING 1",
      crypto.randomUUID(),
      userId,
      trackId,
      Date.now() - daysAgo * 86_400_000,
    );
  }
}

describe('rules', () => {
  it('know what their owner has played, when last and how often', async () => {
    await played(['alice', ids[0], 1], ['alice', ids[0], 200], ['alice', ids[1], 100], ['bob', ids[2], 1]);
    const mine = rule('title', 'starts_with', mark);
    const asked: [unknown, string[]][] = [
      [rule('last_played', 'in_last_days', 30), ['Alpha']],
      [rule('last_played', 'in_last_days', 150), ['Alpha', 'beta']],
      [rule('last_played', 'not_in_last_days', 30), ['Gamma 100%', 'beta']],
      [rule('last_played', 'at_least', new Date(Date.now() - 50 * 86_400_000).toISOString()), ['Alpha']],
      [rule('times_played', 'at_least', 2), ['Alpha']],
      [rule('times_played', 'is', 1), ['beta']],
      [rule('times_played', 'is', 0), ['Gamma 100%']],
      [rule('times_played', 'at_most', 1), ['Gamma 100%', 'beta']],
    ];
    for (const [asking, expected] of asked) {
      const found = await titles(all(mine, asking));
      expect(found.toSorted(), JSON.stringify(asking)).toEqual(
        expected.map((title) => `${mark} ${title}`).toSorted(),
      );
    }
    const often = { ...all(mine), sort: { field: 'times_played', descending: true } };
    expect((await titles(often)).slice(0, 2)).toEqual([`${mark} Alpha`, `${mark} beta`]);
    expect(await titles(all(mine, rule('times_played', 'at_least', 1)), 'bob')).toEqual([
      `${mark} Gamma 100%`,
    ]);
  });

  it('find what they mean, whatever is asked', async () => {
    const mine = rule('title', 'starts_with', mark);
    const asked: [unknown[], string[]][] = [
      [[rule('title', 'is', `${mark} ALPHA`)], ['Alpha']],
      [[rule('artist', 'is', `${mark} one`)], ['beta', 'Alpha']],
      [[rule('artist', 'is_not', `${mark} one`)], ['Gamma 100%']],
      [[rule('title', 'contains', '0%')], ['Gamma 100%']],
      [[rule('title', 'contains', '_lph')], []],
      [[rule('title', 'not_contains', 'a%')], ['Gamma 100%', 'beta', 'Alpha']],
      [[rule('duration', 'at_least', 200)], ['Gamma 100%', 'beta']],
      [[rule('duration', 'at_most', 100)], ['Alpha']],
      [[rule('year', 'is', 1999)], ['Gamma 100%']],
      [[rule('year', 'is_not', 1999)], ['beta', 'Alpha']],
      [[rule('genre', 'is', `${mark} jazz`)], []],
      [[rule('genre', 'is', `${mark}-jazz`)], ['Gamma 100%']],
      [[rule('genre', 'is_not', `${mark}-jazz`)], ['beta', 'Alpha']],
      [[rule('plays', 'at_least', 7)], ['beta']],
      [[rule('explicit', 'is', true)], ['beta']],
      [[rule('explicit', 'is', false)], ['Gamma 100%', 'Alpha']],
      [[rule('liked', 'is', true)], ['Alpha']],
      [[rule('liked', 'is', false)], ['Gamma 100%', 'beta']],
      [[rule('rating', 'at_least', 4)], ['Gamma 100%']],
      [[rule('added', 'in_last_days', 1)], ['Gamma 100%', 'beta', 'Alpha']],
      [[rule('added', 'not_in_last_days', 1)], []],
      [[rule('added', 'at_most', '2001-01-01')], []],
      [
        [{ match: 'any', rules: [rule('liked', 'is', true), all(rule('year', 'is', 1999))] }],
        ['Gamma 100%', 'Alpha'],
      ],
    ];
    for (const [rules, expected] of asked) {
      const found = await titles(all(mine, ...rules));
      expect(found.toSorted(), JSON.stringify(rules)).toEqual(
        expected.map((title) => `${mark} ${title}`).toSorted(),
      );
    }
    expect(await titles(all(mine, rule('liked', 'is', true)), 'bob'), 'the likes of who asks').toEqual([]);
  });

  it('sort and limit, tracks without a value last', async () => {
    const mine = rule('title', 'starts_with', mark);
    const by = (field: string, descending: boolean, limit = 9) =>
      titles({ ...all(mine), sort: { field, descending }, limit });
    expect(await by('duration', true)).toEqual([`${mark} Gamma 100%`, `${mark} beta`, `${mark} Alpha`]);
    expect(await by('duration', false, 1)).toEqual([`${mark} Alpha`]);
    expect((await by('year', false))[0]).toBe(`${mark} Gamma 100%`);
  });

  it('that make no sense are refused, and say where', async () => {
    for (const [rules, path] of [
      [all(rule('nothing', 'is', 'x')), 'rules.rules.0.field'],
      [all(rule('title', 'is', 'x'), rule('title', 'at_least', 3)), 'rules.rules.1.operator'],
      [all(all(rule('explicit', 'is', 'yes'))), 'rules.rules.0.rules.0.value'],
      [all(rule('added', 'at_least', 'soon')), 'rules.rules.0.value'],
      [all(rule('duration', 'is', 'long')), 'rules.rules.0.value'],
      [{ ...all(), sort: { field: 'genre' } }, 'rules.sort.field'],
      [all(...Array.from({ length: 17 }, () => rule('title', 'is', 'x'))), 'rules.rules.16'],
    ] as const) {
      for (const [url, json] of [
        ['/api/v1/playlists/smart/preview', { rules }],
        ['/api/v1/playlists', { title: 'Smart', rules }],
      ] as const) {
        const problem = await expectProblem(await api(url, { as: 'alice', json }), 400, 'validation_failed');
        expect(problem.issues?.[0]?.path).toBe(path);
      }
    }
    const deep = all(all(all(all(rule('title', 'is', 'x')))));
    await expectProblem(
      await api('/api/v1/playlists/smart/preview', { as: 'alice', json: { rules: deep } }),
      400,
      'validation_failed',
    );
  });

  it('never put what somebody typed into the query', async () => {
    const evil = `x') OR 1=1; DROP TABLE playlists; --`;
    const { sql, params } = compiled({
      ...all(...FIELDS.filter(({ type }) => type === 'text').map(({ name }) => rule(name, 'is', evil))),
      limit: 7,
    });
    expect(sql).not.toContain('DROP');
    expect(params).toContain(evil);
    expect(await titles(all(rule('title', 'is', evil)))).toEqual([]);
    await expectProblem(
      await api('/api/v1/playlists/smart/preview', {
        as: 'alice',
        json: { rules: all(rule("title' --", 'is', 'x')) },
      }),
      400,
      'validation_failed',
    );
  });

  it('of the most conditions that there may be bind less than D1 takes', () => {
    for (const { name, type } of FIELDS) {
      if (type !== 'text') continue;
      const { params } = compiled(all(...Array.from({ length: 16 }, () => rule(name, 'contains', 'x'))));
      expect(params.length, name).toBeLessThanOrEqual(100);
    }
  });
});

describe('the query', () => {
  const EVERY_DRIVER: Rule[] = [
    rule('liked', 'is', true),
    rule('rating', 'at_least', 3),
    rule('artist', 'is', 'many'),
    rule('genre', 'is', 'jazz'),
    rule('last_played', 'in_last_days', 30),
    rule('times_played', 'at_least', 1),
    rule('tag', 'is', 'late-night'),
    rule('title', 'contains', 'x'),
  ];

  it('scans no table, whichever index it begins with', async () => {
    for (const condition of EVERY_DRIVER) {
      const { sql, params } = compiled({
        ...all(
          condition,
          ...FIELDS.flatMap(({ name, type }) => (type === 'text' ? [rule(name, 'contains', 'a')] : [])),
        ),
        sort: { field: 'plays', descending: true },
      });
      const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...params)
        .all<{ detail: string }>();
      const details = plan.results.map(({ detail }) => detail);
      const scans = details.filter(
        (detail) =>
          /^SCAN /.test(detail) &&
          !/^SCAN (c|candidates|heard|found|matches|CONSTANT ROW|\(|\d|json)/.test(detail),
      );
      // The newest are read along their index, and no further than the bound.
      expect(
        scans.filter((detail) => !/USING (COVERING )?INDEX tracks_listed/.test(detail)),
        `${condition.field}: ${details.join('; ')}`,
      ).toEqual([]);
    }
  });

  it('reads no more than its bound allows of thousands of tracks, and says that there were more', async () => {
    await rowsOf(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
       INSERT INTO tracks (id, owner_id, state, file_name, title, artist, listed_at_ms, created_at_ms, version)
       SELECT 'trk-many-' || i, 'crowd', 'ready', 'f', 'Song ' || i, 'many', i, i, 'v' FROM n RETURNING 1`,
    );
    try {
      for (const condition of [rule('title', 'contains', 'ong'), rule('artist', 'is', 'many')]) {
        const { sql, params } = compiled({ ...all(condition), sort: { field: 'plays' }, limit: 500 });
        const { results, meta } = await env.DB.prepare(sql)
          .bind(...params)
          .all<{ candidateCount: number; ids: string }>();
        expect(results[0]?.candidateCount).toBe(MAX_CANDIDATES + 1);
        // Temporary rows count as well: each candidate is numbered, joined, sorted and counted.
        expect(meta.rows_read, condition.field).toBeLessThan(MAX_CANDIDATES * 9);
        expect((await preview({ ...all(condition), limit: 5 })).isPartial).toBe(true);
      }
      const few = await preview(all(rule('artist', 'is', `${mark} One`)));
      expect(few.isPartial).toBe(false);
    } finally {
      await rowsOf("DELETE FROM tracks WHERE owner_id = 'crowd' RETURNING 1");
    }
  });
});

describe('a smart playlist', () => {
  it('holds what its rules find now, for its owner’s likes, and takes nothing in by hand', async () => {
    const rules = all(rule('liked', 'is', true), rule('title', 'starts_with', mark));
    const playlistId = await makePlaylist(api, { as: 'alice' }, { rules, visibility: 'public' });
    const seen = async (as: 'alice' | 'bob') =>
      read<PlaylistAnswer & { rules: unknown }>(await api(`/api/v1/playlists/${playlistId}`, { as }));
    expect(await seen('alice')).toMatchObject({ isSmart: true, trackCount: 1, durationSeconds: 100 });
    const bobs = await seen('bob');
    expect(bobs.entries.items.map(({ trackId }) => trackId)).toEqual([ids[0]]);
    expect(bobs.rules, 'what it is made of is its owner’s business').toBeNull();
    await rowsOf(
      "INSERT INTO likes (user_id, kind, target_id, created_at_ms) VALUES ('alice', 'track', ?, 9e12) RETURNING 1",
      ids[1],
    );
    expect((await seen('alice')).entries.items.map(({ trackId }) => trackId)).toEqual([ids[1], ids[0]]);
    const listed = await read<{ items: PlaylistAnswer[] }>(
      await api('/api/v1/me/playlists', { as: 'alice' }),
    );
    expect(listed.items.find((item) => item.playlistId === playlistId)?.trackCount).toBe(2);
    const add = await api(`/api/v1/playlists/${playlistId}/entries`, {
      as: 'alice',
      json: { entries: [{ trackId: ids[2] }] },
    });
    await expectProblem(add, 409, 'playlist_is_smart');
    const patch = (id: string, json: object) =>
      api(`/api/v1/playlists/${id}`, { as: 'alice', method: 'PATCH', json });
    const changed = await patch(playlistId, { rules: all(rule('title', 'is', `${mark} beta`)) });
    expect(await read<PlaylistAnswer>(changed)).toMatchObject({ trackCount: 1, durationSeconds: 200 });
    const plain = await makePlaylist(api, { as: 'alice' });
    await expectProblem(await patch(plain, { rules }), 409, 'playlist_is_smart');
  });
});
