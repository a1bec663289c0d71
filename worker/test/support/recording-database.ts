/** A statement that ran, and with what. */
export interface RecordedQuery {
  sql: string;
  parameters: unknown[];
}

/** Returns the database with everything that is asked of it told to `record` before it runs. */
export function recordingDatabase(db: D1Database, record: (query: RecordedQuery) => void): D1Database {
  const told = new WeakMap<object, { statement: D1PreparedStatement; query: RecordedQuery }>();

  function recorded(statement: D1PreparedStatement, query: RecordedQuery): D1PreparedStatement {
    const run =
      <A extends unknown[], R>(work: (...args: A) => R) =>
      (...args: A) => {
        record(query);
        return work(...args);
      };
    const wrapped = {
      bind: (...parameters: unknown[]) =>
        recorded(statement.bind(...parameters), { sql: query.sql, parameters }),
      first: run(statement.first.bind(statement)),
      run: run(statement.run.bind(statement)),
      all: run(statement.all.bind(statement)),
      raw: run(statement.raw.bind(statement)),
    } as unknown as D1PreparedStatement;
    told.set(wrapped, { statement, query });
    return wrapped;
  }

  return {
    prepare: (sql: string) => recorded(db.prepare(sql), { sql, parameters: [] }),
    batch: (statements: D1PreparedStatement[]) =>
      db.batch(
        statements.map((wrapped) => {
          const known = told.get(wrapped);
          if (known === undefined) return wrapped;
          record(known.query);
          return known.statement;
        }),
      ),
    exec: (sql: string) => db.exec(sql),
    withSession: db.withSession?.bind(db),
  } as unknown as D1Database;
}
