import { expect, it } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { Pager } from './pager.svelte.ts';

it('adds page after page until there is no more', async () => {
  const asked: string[] = [];
  const pager = new Pager({ items: [1, 2], nextCursor: 'b' }, async (cursor) => {
    asked.push(cursor);
    return cursor === 'b' ? { items: [3], nextCursor: 'c' } : { items: [4], nextCursor: null };
  });
  for (let i = 0; i < 4; i++) await pager.loadMore();
  expect([pager.items, asked]).toEqual([
    [1, 2, 3, 4],
    ['b', 'c'],
  ]);
});

it('asks once, however often it is told to before the page is there', async () => {
  let asked = 0;
  const pager = new Pager({ items: [1], nextCursor: 'b' }, async () => {
    asked += 1;
    return { items: [2], nextCursor: null };
  });
  await Promise.all([pager.loadMore(), pager.loadMore()]);
  expect([asked, pager.items]).toEqual([1, [1, 2]]);
});

it('keeps what it has when a page cannot be loaded, and tries the same again', async () => {
  let isAway = true;
  const pager = new Pager({ items: [1], nextCursor: 'b' }, async () => {
    if (isAway) throw new ApiError('offline', 'You are offline.');
    return { items: [2], nextCursor: null };
  });
  await pager.loadMore();
  expect([pager.items, pager.error?.kind]).toEqual([[1], 'offline']);
  isAway = false;
  await pager.loadMore();
  expect([pager.items, pager.error]).toEqual([[1, 2], null]);
});
