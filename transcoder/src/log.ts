/** Structured logs: one JSON object a line on standard output. */

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;

/** Writes to standard output. Fields never hold anything from inside a file but measured numbers. */
export const writeLog: Log = (level, message, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};
