/** A public answer as it is kept: ready to be sent, with what it depends on. */
export interface CachedAnswer {
  body: string;
  /** Strong validator (RFC 9110 8.8.3) of the body, quotes included. */
  etag: string;
  tags: readonly string[];
  /** When its making began: what was changed since is not in it. */
  madeAtMs: number;
}

/** What a feature makes of its rows for everyone to see. */
export interface PublicAnswer {
  value: unknown;
  /** Names of what was read: changing one of them ends the answer. At most a handful, each is looked up. */
  tags: readonly string[];
}

/** The part of the Cache API that is used. */
export type CacheStore = Pick<Cache, 'match' | 'put'>;

/** What the cache is made of. */
export interface AnswerCacheOptions {
  store: () => CacheStore;
  /** Addresses of entries begin with it; nothing is served there. */
  origin: string;
  /** The longest that anybody anywhere is shown what is no longer so; 0 keeps nothing. */
  boundSeconds: number;
  runAfterAnswer(work: Promise<unknown>): void;
}

/** How one read wants to be served. */
export interface ReadOptions {
  /** True for whoever has just changed something: made anew, and kept for the others. */
  isFresh: boolean;
}

/** Others wait for a making that is under way for so long at most, then they make it themselves. */
const WAIT_MS = 2_000;

/**
 * Public answers near the listener, made when they are missing (cache-aside). An entry ends by itself after
 * `boundSeconds`, everywhere. In the data centre of whoever changed something it ends at once: `invalidate` leaves the
 * time beside it, under the tag, and what began to be made before that is not shown. See docs/decisions/0015.
 */
export class AnswerCache {
  readonly #options: AnswerCacheOptions;
  readonly #underWay = new Map<string, Promise<CachedAnswer | null>>();

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
  }

  /** How long others may see what was, in seconds. */
  get boundSeconds(): number {
    return this.#options.boundSeconds;
  }

  /** Returns the answer kept under `key`, or makes it; null where `make` says there is none, which is not kept. */
  async read(
    key: string,
    { isFresh }: ReadOptions,
    make: () => Promise<PublicAnswer | null>,
  ): Promise<CachedAnswer | null> {
    if (this.#options.boundSeconds === 0) return this.#make(make);
    if (isFresh) return this.#makeAndKeep(key, make);
    return this.#joinOrFind(key, make);
  }

  /** Ends every answer that depends on one of `tags`. To be called when the change is in the database. */
  async invalidate(tags: readonly string[]): Promise<void> {
    if (this.#options.boundSeconds === 0) return;
    const nowMs = Date.now();
    await Promise.all(
      [...new Set(tags)].map((tag) =>
        this.#options.store().put(this.#address('tag', tag), this.#entry(String(nowMs))),
      ),
    );
  }

  /** One look and one making at a time within the isolate: a page that many ask for at once is read from the database once. */
  async #joinOrFind(key: string, make: () => Promise<PublicAnswer | null>): Promise<CachedAnswer | null> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) {
      const late = Symbol('late');
      let timer: ReturnType<typeof setTimeout> | null = null;
      const waited = new Promise<typeof late>((resolve) => {
        timer = setTimeout(() => resolve(late), WAIT_MS);
      });
      // Whoever makes it may be cut off, and then nobody would ever hear.
      const answer = await Promise.race([underWay.catch(() => late), waited]);
      clearTimeout(timer);
      return typeof answer === 'symbol' ? this.#makeAndKeep(key, make) : answer;
    }
    const finding = this.#find(key).then((kept) => kept ?? this.#makeAndKeep(key, make));
    this.#underWay.set(key, finding);
    try {
      return await finding;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #makeAndKeep(key: string, make: () => Promise<PublicAnswer | null>): Promise<CachedAnswer | null> {
    const answer = await this.#make(make);
    if (answer === null) return null;
    const { body, etag, tags, madeAtMs } = answer;
    const entry = this.#entry(body, {
      etag,
      'x-tags': JSON.stringify(tags),
      'x-made-at-ms': String(madeAtMs),
    });
    this.#options.runAfterAnswer(this.#options.store().put(this.#address('answer', key), entry));
    return answer;
  }

  async #make(make: () => Promise<PublicAnswer | null>): Promise<CachedAnswer | null> {
    const madeAtMs = Date.now();
    const made = await make();
    if (made === null) return null;
    const body = JSON.stringify(made.value);
    return { body, etag: await etagOf(body), tags: made.tags, madeAtMs };
  }

  async #find(key: string): Promise<CachedAnswer | null> {
    const entry = await this.#options.store().match(this.#address('answer', key));
    if (entry === undefined) return null;
    const madeAtMs = Number(entry.headers.get('x-made-at-ms'));
    // The cache's own clock is not the bound: entries are told to stay as long, but may be asked for a moment later.
    const isOver = Date.now() - madeAtMs >= this.#options.boundSeconds * 1000;
    const tags = JSON.parse(entry.headers.get('x-tags') ?? '[]') as string[];
    if (isOver || (await this.#isChangedSince(madeAtMs, tags))) {
      await entry.body?.cancel();
      return null;
    }
    return { body: await entry.text(), etag: entry.headers.get('etag') ?? '', tags, madeAtMs };
  }

  async #isChangedSince(madeAtMs: number, tags: readonly string[]): Promise<boolean> {
    const changes = await Promise.all(
      tags.map(async (tag) => {
        const stamp = await this.#options.store().match(this.#address('tag', tag));
        return stamp === undefined ? 0 : Number(await stamp.text());
      }),
    );
    // Within the same millisecond nobody knows which was first.
    return changes.some((changedAtMs) => changedAtMs >= madeAtMs);
  }

  #address(kind: 'answer' | 'tag', name: string): string {
    return `${this.#options.origin}/answer-cache/${kind}/${encodeURIComponent(name)}`;
  }

  #entry(body: string, headers: Record<string, string> = {}): Response {
    const { boundSeconds } = this.#options;
    return new Response(body, {
      headers: { ...headers, 'cache-control': `public, max-age=${boundSeconds}` },
    });
  }
}

async function etagOf(body: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return `"${new Uint8Array(hash).slice(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true })}"`;
}
