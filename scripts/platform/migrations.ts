import { readdir, readFile } from 'node:fs/promises';
import type { Miniflare } from 'miniflare';
import { inRoot } from './paths.ts';

type Database = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** The table that `wrangler d1 migrations apply` keeps, so that both may be used on the same data. */
const JOURNAL = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies what is new in `migrations/`, each file with its journal entry in one transaction; returns their names. */
export async function applyMigrations(db: Database): Promise<string[]> {
  await db.prepare(JOURNAL).run();
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const files = (await readdir(inRoot('migrations'))).filter((name) => name.endsWith('.sql')).sort();
  const pending = files.filter((name) => !applied.has(name));
  for (const name of pending) {
    const sql = await readFile(inRoot(`migrations/${name}`), 'utf8');
    const statements = sql.split('--> statement-breakpoint').filter((statement) => statement.trim() !== '');
    await db.batch([
      ...statements.map((statement) => db.prepare(statement)),
      db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ]);
  }
  return pending;
}
