import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth';
import type { BetterAuthOptions } from 'better-auth/types';
import { HASHED, hashSessionToken } from './session-policy.ts';

type Row = Record<string, unknown>;
type Adapter = DBTransactionAdapter<BetterAuthOptions>;

const SESSION = 'session';

/** What a lookup was asked with: conditions on hashes, and which token each hash stands for. */
interface Hashed {
  where: Where[];
  tokens: Map<string, string>;
}

/**
 * Returns conditions with every token hashed. Where rows are removed (`acceptsHashes`) a hash may stand for itself:
 * better-auth removes by what it listed. A lookup must never accept one, or who reads the database is signed in.
 */
async function hashed(where: readonly Where[] = [], acceptsHashes = false): Promise<Hashed> {
  const tokens = new Map<string, string>();
  const hash = async (value: unknown) => {
    const token = String(value);
    if (acceptsHashes && token.startsWith(HASHED)) return token;
    const digest = await hashSessionToken(token);
    tokens.set(digest, token);
    return digest;
  };
  const conditions = await Promise.all(
    where.map(async (condition): Promise<Where> => {
      if (condition.field !== 'token') return condition;
      const { value } = condition;
      const hashes = Array.isArray(value) ? await Promise.all(value.map(hash)) : await hash(value);
      return { ...condition, value: hashes };
    }),
  );
  return { where: conditions, tokens };
}

/** Gives a row back the token it was found with; rows found otherwise keep the hash, which signs nobody in. */
function withToken<T>(row: T, tokens: Map<string, string>): T {
  const token = row === null ? undefined : tokens.get(String((row as Row).token));
  return token === undefined ? row : { ...row, token };
}

function wrap<A extends Adapter>(inner: A): A {
  const own: Partial<Adapter> = {
    create: async (input) => {
      const { token } = input.data as Row;
      if (input.model !== SESSION || typeof token !== 'string') return inner.create(input);
      const created = await inner.create({
        ...input,
        data: { ...input.data, token: await hashSessionToken(token) },
      });
      return { ...created, token } as never;
    },
    findOne: async (input) => {
      if (input.model !== SESSION) return inner.findOne(input);
      const { where, tokens } = await hashed(input.where);
      return withToken(await inner.findOne({ ...input, where }), tokens) as never;
    },
    findMany: async (input) => {
      if (input.model !== SESSION) return inner.findMany(input);
      const { where, tokens } = await hashed(input.where);
      const rows = await inner.findMany<Row>({ ...input, where });
      return rows.map((row) => withToken(row, tokens)) as never;
    },
    update: async (input) => {
      if (input.model !== SESSION) return inner.update(input);
      const { where, tokens } = await hashed(input.where);
      return withToken(await inner.update({ ...input, where }), tokens) as never;
    },
    updateMany: async (input) => {
      if (input.model !== SESSION) return inner.updateMany(input);
      return inner.updateMany({ ...input, where: (await hashed(input.where)).where });
    },
    count: async (input) => {
      if (input.model !== SESSION) return inner.count(input);
      return inner.count({ ...input, where: (await hashed(input.where)).where });
    },
    delete: async (input) => {
      if (input.model !== SESSION) return inner.delete(input);
      return inner.delete({ ...input, where: (await hashed(input.where, true)).where });
    },
    deleteMany: async (input) => {
      if (input.model !== SESSION) return inner.deleteMany(input);
      return inner.deleteMany({ ...input, where: (await hashed(input.where, true)).where });
    },
  };
  return { ...inner, ...own };
}

/**
 * Returns a database adapter of better-auth that keeps session tokens as hashes only, which better-auth 1.7 has no
 * option for. The plain token is known to who made the session and to who presented it, and to nobody else.
 */
export function withHashedSessions(
  make: (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions>,
): (options: BetterAuthOptions) => DBAdapter<BetterAuthOptions> {
  return (options) => {
    const inner = make(options);
    return {
      ...wrap(inner),
      transaction: (callback) => inner.transaction((transaction) => callback(wrap(transaction))),
    };
  };
}
