import { expect, it } from 'vitest';
import {
  countConditions,
  countUnfinished,
  labelOf,
  newCondition,
  newGroup,
  type SmartRules,
  toDraft,
  toRules,
} from './smart-rules.ts';

const field = (name: string, type: 'text' | 'number' | 'date' | 'flag', operators: string[]) => ({
  name,
  type,
  operators,
  isSortable: true,
});
const FIELDS = [
  field('genre', 'text', ['is']),
  field('year', 'number', ['at_least']),
  field('added', 'date', ['at_least', 'in_last_days']),
  field('liked', 'flag', ['is']),
];

const RULES: SmartRules = {
  match: 'all',
  rules: [
    { field: 'liked', operator: 'is', value: false },
    { field: 'added', operator: 'in_last_days', value: 90 },
    { field: 'added', operator: 'at_least', value: '2026-01-31' },
    {
      match: 'any',
      rules: [
        { field: 'genre', operator: 'is', value: '1999' },
        { match: 'all', rules: [{ field: 'year', operator: 'at_least', value: 1999 }] },
      ],
    },
  ],
  sort: { field: 'year', descending: true },
  limit: 50,
};

it('rules that are opened and saved unchanged are the same, each value of its own kind', () => {
  expect(toRules(toDraft(RULES), FIELDS)).toEqual(RULES);
});

it('what is not finished is left out and counted, and so are groups that hold nothing', () => {
  const [genre, year] = FIELDS.map(newCondition);
  if (!genre || !year) throw new Error('no fields');
  const group = newGroup('all', [{ ...genre, value: ' Fado ' }, newGroup('any', [year])]);
  const draft = { group, sort: '', isDescending: false, limit: null };
  expect(toRules(draft, FIELDS)).toEqual({
    match: 'all',
    rules: [{ field: 'genre', operator: 'is', value: 'Fado' }],
    sort: null,
    limit: 100,
  });
  expect(countConditions(group)).toBe(2);
  expect(countUnfinished(group)).toBe(1);
});

it('a new condition of a flag or a date has a value at once, and every field has a name for people', () => {
  const [, , added, liked] = FIELDS.map(newCondition);
  expect(added).toMatchObject({ operator: 'in_last_days', value: '30' });
  expect(liked).toMatchObject({ operator: 'is', value: 'true' });
  expect(labelOf('liked')).toBe('Liked by me');
  expect(labelOf('timesSkipped')).toBe('Times skipped');
});
