import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { handleOf, makeCatalogue, type Row, type Size } from './catalogue.ts';
import { makeListening } from './listening.ts';

/** How many rows of each table were made. */
export type Filled = Record<string, number>;

/** Tables in which a row may be there already, and what then happens to it. */
const ADDED_TO: Record<string, string> = {
  labels: 'ON CONFLICT DO UPDATE SET release_count = release_count + excluded.release_count',
};

/** Rows between two commits: a transaction of millions would be kept whole in the write-ahead log. */
const ROWS_A_TRANSACTION = 50_000;

/**
 * Fills a database file that has the tables and that nobody uses, straight through SQLite: through the D1 binding a
 * statement takes 100 parameters, which is four tracks, and every batch is a request. What is there already stays as it
 * is. Throws where the same seed has filled it before.
 */
export function fill(path: string, size: Size, onProgress: (rows: number) => void = () => undefined): Filled {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -200000');
  const tables = new Set(
    db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name)),
  );
  if (db.prepare('SELECT 1 FROM users WHERE handle = ?').get(handleOf(size.seed, 0)) !== undefined) {
    db.close();
    throw new Error(`This database was filled with the seed ${size.seed} before: say another with --seed.`);
  }
  const slugs = db.prepare('SELECT slug FROM artists').all();
  const taken = new Set(slugs.map(({ slug }) => String(slug)));
  const statements = new Map<string, StatementSync>();
  const filled: Filled = {};
  let rows = 0;
  const emit = (table: string, row: Row) => {
    let statement = statements.get(table);
    if (statement === undefined) {
      const names = Object.keys(row);
      const places = names.map((name) => `:${name}`).join(', ');
      const again = ADDED_TO[table] ?? '';
      statement = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places}) ${again}`);
      statements.set(table, statement);
    }
    filled[table] = (filled[table] ?? 0) + Number(statement.run(row).changes);
    if (++rows % ROWS_A_TRANSACTION === 0) {
      db.exec('COMMIT; BEGIN');
      onProgress(rows);
    }
  };
  db.exec('BEGIN');
  try {
    const made = makeCatalogue(size, taken, emit);
    makeListening(size, made, (table, row) => {
      if (tables.has(table)) emit(table, row);
    });
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  return filled;
}
