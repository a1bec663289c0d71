import { describe, expect, it } from 'vitest';
import { operationsByTag, schemaText } from './openapi.ts';

describe('schemaText', () => {
  it('writes an object with what may be left out', () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, sizeBytes: { type: 'integer', minimum: 1 } },
      required: ['name'],
    };
    expect(schemaText(schema)).toBe('{\n  name: string\n  sizeBytes?: integer (1 or more)\n}');
  });

  it.each([
    [{ $ref: '#/components/schemas/Track' }, 'Track'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'string', enum: ['a', 'b'] }, '"a" | "b"'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'string' }] }, '[string, string]'],
    [{ anyOf: [{ $ref: '#/x/Track' }, { type: 'null' }] }, 'Track | null'],
    [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
    [{ type: 'number', minimum: 0, maximum: 1 }, 'number (0 to 1)'],
  ])('writes %o as %s', (schema, text) => {
    expect(schemaText(schema)).toBe(text);
  });
});

it('puts what is for operators last', () => {
  const operation = (tag: string) => ({ get: { tags: [tag], responses: {} } });
  const document = {
    info: { title: 'API' },
    paths: { '/a': operation('Operator'), '/b': operation('Tracks') },
  };
  expect(operationsByTag(document).map(({ tag }) => tag)).toEqual(['Tracks', 'Operator']);
});

it('groups operations by their first tag', () => {
  const operation = (tag: string) => ({ tags: [tag], responses: {} });
  const document = {
    info: { title: 'API' },
    paths: { '/a/{id}': { get: operation('A'), delete: operation('A') }, '/b': { post: operation('B') } },
  };
  expect(
    operationsByTag(document).map(({ tag, operations }) => [tag, operations.map(({ anchor }) => anchor)]),
  ).toEqual([
    ['A', ['get-a-id', 'delete-a-id']],
    ['B', ['post-b']],
  ]);
});
