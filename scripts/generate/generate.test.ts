import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../platform/paths.ts';
import { fill } from './fill.ts';
import { shares } from './zipf.ts';

const SIZE = {
  artists: 100,
  releases: 300,
  tracks: 1500,
  plays: 20_000,
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
      'releases that come out later': `SELECT count(*) FROM releases WHERE listed_at_ms > ${SIZE.nowMs}`,
    }))
      expect(numberIn(path, sql), what).toBe(0);
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
      return rowsIn(other, 'SELECT id, title, play_count FROM tracks ORDER BY id');
    };
    const first = rowsIn(path, 'SELECT id, title, play_count FROM tracks ORDER BY id');
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
