import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerCache } from '../../src/platform/cache/answer-cache.ts';
import { changed, LISTS, releaseTag, trackTag } from '../../src/platform/cache/tags.ts';

const BOUND_SECONDS = 60;
const MADE_ANEW = { isFresh: true };
const AS_KEPT = { isFresh: false };
let serial = 0;

/** A cache over the real Cache API, under an origin of its own, and what is made of a row that a test changes. */
function cacheOf(boundSeconds = BOUND_SECONDS) {
  const works: Promise<unknown>[] = [];
  const origin = `https://cache-${serial++}.example`;
  const options = { store: () => caches.default, origin, boundSeconds };
  const open = () => new AnswerCache({ ...options, runAfterAnswer: (work) => works.push(work) });
  const row = { title: 'Before', made: 0 };
  const make = async () => {
    row.made++;
    return { value: { title: row.title }, tags: ['release:r', LISTS] };
  };
  const read = async (cache: AnswerCache, options = AS_KEPT) => {
    const answer = await cache.read('/releases/r', options, make);
    await Promise.all(works);
    return answer && (JSON.parse(answer.body) as { title: string }).title;
  };
  return { cache: open(), another: open(), row, make, read };
}

function passing(seconds: number): void {
  const nowMs = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(nowMs + seconds * 1000);
}

describe('a public answer', () => {
  beforeEach(() => void vi.restoreAllMocks());

  it('is made once and then kept for everyone in the data centre', async () => {
    const { cache, another, row, read } = cacheOf();
    expect([await read(cache), await read(cache), await read(another)]).toEqual([
      'Before',
      'Before',
      'Before',
    ]);
    expect(row.made).toBe(1);
  });

  it('shows a change at once to whoever made it, and then to the others of the data centre', async () => {
    const { cache, another, row, read } = cacheOf();
    await read(cache);
    row.title = 'After';
    expect(await read(another)).toBe('Before');
    expect(await read(cache, MADE_ANEW)).toBe('After');
    expect(await read(another)).toBe('After');
    expect(row.made).toBe(2);
  });

  it('shows a change at once in the data centre where one of its tags was named', async () => {
    for (const tags of [['release:r'], [LISTS], changed({ releaseId: 'r', artistId: 'a', trackId: 't' })]) {
      const { cache, another, row, read } = cacheOf();
      await read(cache);
      row.title = 'After';
      passing(1);
      await cache.invalidate(tags);
      expect(await read(another), String(tags)).toBe('After');
      passing(1);
      expect([await read(another), row.made], 'kept again').toEqual(['After', row.made]);
    }
  });

  it('stays where other things changed', async () => {
    const { cache, row, read } = cacheOf();
    await read(cache);
    row.title = 'After';
    passing(1);
    await cache.invalidate([releaseTag('other'), trackTag('r')]);
    expect(await read(cache)).toBe('Before');
  });

  it('is shown to nobody past the bound, where no word of a change ever came', async () => {
    const { cache, row, read } = cacheOf();
    await read(cache);
    row.title = 'After';
    passing(BOUND_SECONDS - 1);
    expect(await read(cache)).toBe('Before');
    passing(1);
    expect(await read(cache)).toBe('After');
  });

  it('that was being made while its rows changed is not shown afterwards', async () => {
    const { cache, another, row, read } = cacheOf();
    const slow = cache.read('/releases/r', AS_KEPT, async () => {
      const value = { title: row.title };
      row.title = 'After';
      passing(1);
      await another.invalidate(['release:r']);
      return { value, tags: ['release:r'] };
    });
    await slow;
    passing(1);
    expect(await read(another)).toBe('After');
  });

  it('that many ask for at once is made once', async () => {
    const { cache, row, read } = cacheOf();
    const seen = await Promise.all(Array.from({ length: 20 }, () => read(cache)));
    expect([new Set(seen), row.made]).toEqual([new Set(['Before']), 1]);
  });

  it('is made by whoever waits for it where the one who was making it is cut off or fails', async () => {
    const { cache, read } = cacheOf();
    const cutOff = cache.read('/releases/r', AS_KEPT, () => new Promise<null>(() => undefined));
    void cutOff;
    expect(await read(cache)).toBe('Before');
    const second = cacheOf();
    const failed = second.cache.read('/releases/r', AS_KEPT, () => Promise.reject(new Error('no database')));
    const waiting = second.read(second.cache);
    await expect(failed).rejects.toThrow('no database');
    expect(await waiting).toBe('Before');
  });

  it('that there is none of is not kept, so that it shows once there is one', async () => {
    const { cache, read } = cacheOf();
    expect(await cache.read('/releases/r', AS_KEPT, async () => null)).toBeNull();
    expect(await read(cache)).toBe('Before');
  });

  it('is made every time where nothing is to be kept', async () => {
    const { cache, row, read } = cacheOf(0);
    await read(cache);
    await cache.invalidate([LISTS]);
    await read(cache);
    expect(row.made).toBe(2);
  });

  it('has a validator that changes with what it says', async () => {
    const { cache, row, make } = cacheOf();
    const etag = async () => (await cache.read('/releases/r', MADE_ANEW, make))?.etag;
    const first = await etag();
    expect(first).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    expect(await etag()).toBe(first);
    row.title = 'After';
    expect(await etag()).not.toBe(first);
  });
});
