import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/features/playlists/cursor.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { type Api, apiWith, bindingsWith } from '../support/api.ts';
import { givenRelease } from '../support/given-release.ts';
import { operations } from '../support/openapi.ts';
import { type RecordedQuery, recordingDatabase } from '../support/recording-database.ts';

/** Tables of which everything may be read, and why. */
const SMALL: Record<string, string> = {
  jwks: 'the signing keys of this installation: two or three',
  first_admin: 'one row',
};

const queries = new Map<string, RecordedQuery>();
const people = accountsIn(
  'development',
  bindingsWith({
    DB: recordingDatabase(env.DB, (query) => {
      if (/^\s*(select|with)\b/i.test(query.sql)) queries.set(query.sql, query);
    }),
    RATE_LIMIT_FACTOR: '10000',
    // What is kept is not asked of the database.
    ANSWER_CACHE_SECONDS: '0',
  }),
);
const api: Api = apiWith(people.bindings);

/** Names of tables that a query reads whole, by what SQLite says it is going to do. */
async function scannedBy({ sql, parameters }: RecordedQuery): Promise<string[]> {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...parameters)
    .all<{ detail: string }>();
  const isSorted = results.some(({ detail }) => detail.startsWith('USE TEMP B-TREE'));
  // Without conditions and in the order of its key, a table is read up to the limit.
  const isFirstRows = !isSorted && /\blimit\b/i.test(sql) && !/\bwhere\b/i.test(sql);
  return results.flatMap(({ detail }) => {
    const scanned = /^SCAN (?!CONSTANT ROW)(\S+)(?: AS (\S+))?(.*)$/.exec(detail);
    if (scanned === null) return [];
    const [, name = '', , how = ''] = scanned;
    // Along an index in the order that is asked for, up to the limit, is what a list should do.
    const isBounded = /USING (COVERING )?INDEX/.test(how) && /\blimit\b/i.test(sql);
    return isBounded || isFirstRows || /VIRTUAL TABLE|^\(/.test(name + how) || name.startsWith('json_each')
      ? []
      : [name];
  });
}

describe('no query of a read looks at a whole table', () => {
  it('whoever reads whatever the API has, first pages and later ones', async () => {
    const { browser, id, handle } = await signedUp(people, 'admin');
    const { artist, release, tracks } = await givenRelease({
      genres: ['planned'],
      tags: ['planned'],
      members: ['alice', id],
      lyrics: { plain: 'la' },
      credits: [{ name: 'Ann', role: 'drums' }],
    });
    const hidden = await givenRelease({ isListed: false, members: ['alice', id] });
    const trackId = tracks[0]?.id ?? '';
    const values: Record<string, string> = {
      artistId: artist.id,
      releaseId: release.id,
      releaseSlug: release.slug,
      trackId,
      slug: 'planned',
      handle,
      id: trackId,
      userId: id,
      sizePx: '64',
    };
    const made = await browser.call('/api/v1/playlists', { json: { title: 'Planned' } });
    const { playlistId = 'pls_00000000000000000000000000' } = (await made.json()) as { playlistId?: string };
    values.playlistId = playlistId;
    const ids = [trackId, artist.id, release.id].join();
    const cursors = [
      '',
      `?cursor=${Date.now()}~${release.id}`,
      `?cursor=${Date.now()}~${trackId}`,
      `?cursor=${Date.now()}.${trackId}`,
      `?cursor=${encodeCursor('a0', trackId)}`,
      `?cursor=${release.id}`,
      `?cursor=${trackId}`,
      `?kind=album`,
      `?q=first&cursor=${Date.now()}~${trackId}`,
      `?ids=${ids}`,
    ];
    const reads = (await operations()).filter(
      ({ method, path }) => method === 'GET' && !/\/events$|^\/media|^\/readyz/.test(path),
    );
    const statuses = new Map<string, number>();
    for (const { path } of reads) {
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'nothing');
      const paths = [filled, filled.replace(artist.id, artist.slug).replace(release.id, hidden.release.id)];
      for (const one of new Set(paths)) {
        for (const cursor of cursors) {
          for (const call of [api, browser.call]) {
            const answer = await call(one + cursor, {});
            await answer.body?.cancel();
            expect(answer.status, one + cursor).toBeLessThan(500);
            if (answer.status === 200) statuses.set(path, 200);
          }
        }
      }
    }
    expect(statuses.size, 'most were answered').toBeGreaterThan(reads.length / 2);
    expect(queries.size).toBeGreaterThan(40);
    const whole: string[] = [];
    for (const query of queries.values()) {
      for (const name of await scannedBy(query)) {
        if (!(name in SMALL)) whole.push(`${name}: ${query.sql}`);
      }
    }
    expect(whole).toEqual([]);
  });

  it('and one that does is noticed', async () => {
    for (const sql of [
      'SELECT * FROM tracks WHERE title = ?1',
      'SELECT count(*) FROM releases WHERE title <> ?1',
      'SELECT t.id FROM tracks t WHERE t.file_name > ?1 ORDER BY t.title LIMIT 5',
    ])
      expect(await scannedBy({ sql, parameters: ['x'] }), sql).not.toEqual([]);
    expect(
      await scannedBy({
        sql: 'SELECT * FROM tracks WHERE owner_id = ?1 ORDER BY id LIMIT 5',
        parameters: ['x'],
      }),
    ).toEqual([]);
  });
});
