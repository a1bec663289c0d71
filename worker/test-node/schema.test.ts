import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const migrations = join(root, 'migrations');
const schema = 'worker/src/features/*/tables.ts';

async function drizzleKit(...args: string[]): Promise<string> {
  const bin = join(root, 'node_modules/drizzle-kit/bin.cjs');
  const { stdout } = await run(process.execPath, [bin, ...args], { cwd: root });
  return stdout;
}

async function sqlFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
}

/** Returns tables and indexes as SQLite understood them, without the spelling of the statements. */
function shapeOf(sql: string): unknown {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  return tables.map(({ name }) => ({
    name,
    columns: database
      .prepare('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?) ORDER BY name')
      .all(String(name)),
    indexes: database
      .prepare('SELECT name, "unique", origin, partial FROM pragma_index_list(?) ORDER BY name')
      .all(String(name))
      .map((index) => ({
        ...index,
        columns: database
          .prepare('SELECT name, desc FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno')
          .all(String(index.name)),
      })),
  }));
}

let scratch = '';
afterAll(() => rm(scratch, { recursive: true, force: true }));

it('the migrated database has the tables, columns and indexes of the drizzle schema', async () => {
  const files = await sqlFiles(migrations);
  const migrated = await Promise.all(files.map((name) => readFile(join(migrations, name), 'utf8')));
  const exported = await drizzleKit('export', '--dialect=sqlite', `--schema=${schema}`);
  const shape = shapeOf(migrated.join('\n'));
  expect(shape).toEqual(shapeOf(exported));
  expect(JSON.stringify(shape)).toContain('transcodes_state_due');
});

it('drizzle-kit has no migration left to generate', async () => {
  // Within the repository, because drizzle-kit takes paths relative to where it runs.
  scratch = await mkdtemp(join(root, 'worker/test-node/.migrations-'));
  await cp(migrations, scratch, { recursive: true });
  await drizzleKit('generate', '--dialect=sqlite', `--schema=${schema}`, `--out=${relative(root, scratch)}`);
  expect(await sqlFiles(scratch)).toEqual(await sqlFiles(migrations));
});

it('migrations are numbered without a gap and named by what they do', async () => {
  const files = await sqlFiles(migrations);
  for (const [number, name] of files.entries()) {
    expect(name).toMatch(new RegExp(`^${String(number).padStart(4, '0')}_[a-z]+_[a-z0-9_]+\\.sql$`));
  }
});
