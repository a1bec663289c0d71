import { expect, it } from 'vitest';
import { handleFrom } from './handle-from.ts';

it.each([
  ['Nora Linden', 'nora_linden'],
  ['Zoë O’Hara & Söhne', 'zoe_ohara_sohne'],
  ['  -- DJ  9 --', 'dj_9'],
  ['Анна', ''],
  ['Al', ''],
  ['', ''],
])('suggests for %j the handle %j', (name, handle) => {
  expect(handleFrom(name)).toBe(handle);
});

it('never suggests one that is too long or ends with an underscore', () => {
  const long = handleFrom(`${'a'.repeat(29)} b`);
  expect(long).toBe('a'.repeat(29));
});
