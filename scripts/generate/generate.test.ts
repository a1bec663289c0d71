import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { positionsBetween } from '../../worker/src/features/playlists/positions.ts';
import { smartRulesSchema } from '../../worker/src/features/playlists/vocabulary.ts';
import { inRoot } from '../platform/paths.ts';
import { fill } from './fill.ts';
import { shares } from './zipf.ts';

const SIZE = {
  artists: 100,
  releases: 300,
  tracks: 1500,
  plays: 5000,
  people: 10,
  seed: 'a',
  nowMs: Date.UTC(2026, 0, 1),
};
const folder = mkdtempSync(join(tmpdir(), 'melro-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A database with all migrations, as D1 has it. */
function emptyDatabase(name: string): string {
  const path = join(folder, name);
  const db = new DatabaseSync(path);
  const files = readdirSync(inRoot('migrations')).filter((file) => file.endsWith('.sql'));
  for (const file of files.toSorted()) db.exec(readFileSync(inRoot(`migrations/${file}`), 'utf8'));
  db.close();
  return path;
}

function rowsIn(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare(sql).all();
  db.close();
  return rows;
}

const numberIn = (path: string, sql: string) => Number(Object.values(rowsIn(path, sql)[0] ?? {})[0]);

describe('a generated catalogue', () => {
  const path = emptyDatabase('one.sqlite');
  beforeAll(() => void fill(path, SIZE));

  it('has as much of everything as was asked for', () => {
    for (const table of ['artists', 'releases', 'tracks'] as const)
      expect(numberIn(path, `SELECT count(*) FROM ${table}`), table).toBe(SIZE[table]);
    expect(numberIn(path, 'SELECT sum(play_count) FROM tracks')).toBe(SIZE.plays);
    expect(numberIn(path, 'SELECT count(*) FROM plays')).toBe(SIZE.plays);
    for (const table of ['playlist_entries', 'recent_sources', 'resume_points', 'ratings'])
      expect(numberIn(path, `SELECT count(*) FROM ${table}`), table).toBeGreaterThan(0);
  });

  it('holds together: what rows say of others is so', () => {
    for (const [what, sql] of Object.entries({
      'tracks without their release': `SELECT count(*) FROM tracks t LEFT JOIN releases r ON r.id = t.release_id
        WHERE r.id IS NULL OR r.artist_id <> t.artist_id OR r.listed_at_ms <> t.listed_at_ms`,
      'releases without an artist who was there before': `SELECT count(*) FROM releases r LEFT JOIN artists a
        ON a.id = r.artist_id WHERE a.id IS NULL OR a.listed_at_ms > r.listed_at_ms`,
      'releases that count wrong': `SELECT count(*) FROM releases r WHERE track_count <>
        (SELECT count(*) FROM tracks t WHERE t.release_id = r.id)`,
      'genres and tags that count wrong': `SELECT count(*) FROM labels l WHERE release_count <>
        (SELECT count(*) FROM release_labels r WHERE r.kind = l.kind AND r.slug = l.slug)`,
      'likes that count wrong': `SELECT count(*) FROM library_counts c WHERE like_count <>
        (SELECT count(*) FROM likes l WHERE l.target_id = c.target_id)`,
      'tracks that count their plays wrong': `SELECT count(*) FROM tracks t WHERE play_count <>
        (SELECT count(*) FROM plays p WHERE p.track_id = t.id AND p.is_counted = 1)`,
      'plays before their track or of another time': `SELECT count(*) FROM plays p JOIN tracks t ON t.id = p.track_id
        WHERE p.started_at_ms < t.listed_at_ms OR p.started_at_ms > ${SIZE.nowMs}
        OR p.started_at_ms < ${SIZE.nowMs - 3 * 365 * 86_400_000}`,
      'recent sources that are not the newest play of theirs': `SELECT count(*) FROM recent_sources r
        LEFT JOIN plays p ON p.id = r.play_id AND p.user_id = r.user_id AND p.started_at_ms = r.played_at_ms
        WHERE p.id IS NULL OR EXISTS (SELECT 1 FROM plays q WHERE q.user_id = r.user_id
          AND ifnull(q.source_id, q.track_id) = r.source_id AND q.started_at_ms > r.played_at_ms)`,
      'playlists that count wrong': `SELECT count(*) FROM playlists l WHERE (entry_count, duration_seconds) <>
        (SELECT count(*), ifnull(sum(e.duration_seconds), 0) FROM playlist_entries e WHERE e.playlist_id = l.id)`,
      'playlists without their owner': `SELECT count(*) FROM playlists l LEFT JOIN playlist_members m
        ON m.playlist_id = l.id AND m.user_id = l.owner_id AND m.role = 'owner' WHERE m.user_id IS NULL`,
      'releases that come out later': `SELECT count(*) FROM releases WHERE listed_at_ms > ${SIZE.nowMs}`,
    }))
      expect(numberIn(path, sql), what).toBe(0);
  });

  it('has playlists between whose entries others can be put', () => {
    const keys = rowsIn(path, 'SELECT DISTINCT position FROM playlist_entries ORDER BY position');
    for (const [i, { position }] of keys.slice(1).entries()) {
      const [lower, upper] = [String(keys[i]?.position), String(position)];
      const [between = ''] = positionsBetween(lower, upper, 1);
      expect(lower < between && between < upper, `${lower} < ${between} < ${upper}`).toBe(true);
    }
  });

  it('has smart playlists whose rules are rules', () => {
    for (const { rules } of rowsIn(path, 'SELECT rules FROM playlists WHERE rules IS NOT NULL'))
      expect(smartRulesSchema.safeParse(JSON.parse(String(rules))).error).toBeUndefined();
  });

  it('has names in many scripts, and slugs that addresses take', () => {
    const names = rowsIn(path, 'SELECT name FROM artists').map(({ name }) => String(name));
    for (const script of ['Latin', 'Cyrillic', 'Greek', 'Han', 'Hangul', 'Arabic', 'Hebrew', 'Devanagari'])
      expect(
        names.filter((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name)),
        script,
      ).not.toEqual([]);
    const slugs = rowsIn(path, 'SELECT slug FROM artists UNION SELECT slug FROM releases');
    for (const { slug } of slugs) expect(slug).toMatch(/^[\p{L}\p{M}\p{N}-]{1,120}$/u);
  });

  it('is the same again from the same seed, and another from another', () => {
    const told = (name: string, seed: string) => {
      const other = emptyDatabase(name);
      fill(other, { ...SIZE, seed });
      return [
        ...rowsIn(other, 'SELECT id, title, play_count FROM tracks ORDER BY id'),
        ...rowsIn(other, 'SELECT id, user_id, track_id FROM plays ORDER BY id'),
      ];
    };
    const first = told('first.sqlite', 'a');
    expect(told('again.sqlite', 'a')).toEqual(first);
    expect(told('other.sqlite', 'b')).not.toEqual(first);
  });

  it('is added to what is there, once a seed', () => {
    const other = emptyDatabase('twice.sqlite');
    fill(other, SIZE);
    expect(() => fill(other, SIZE)).toThrow('say another with --seed');
    fill(other, { ...SIZE, seed: 'second' });
    expect(numberIn(other, 'SELECT count(*) FROM artists')).toBe(2 * SIZE.artists);
    expect(
      numberIn(
        other,
        `SELECT count(*) FROM labels l WHERE release_count <>
          (SELECT count(*) FROM release_labels r WHERE r.kind = l.kind AND r.slug = l.slug)`,
      ),
    ).toBe(0);
  });
});

it('a few tracks are played very often and most seldom, as in life', () => {
  const plays = shares(10_000, 0.9, 1_000_000);
  expect(plays.reduce((sum, count) => sum + count, 0)).toBe(1_000_000);
  expect(plays.slice(0, 100).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200_000);
  expect(plays.at(-1)).toBeLessThan(30);
});
