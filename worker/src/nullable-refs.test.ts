import { type Schema, Validator } from '@cfworker/json-schema';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { expect, it } from 'vitest';
import { withNullableRefs } from './nullable-refs.ts';

const named = z.object({ name: z.string() }).openapi('Named');
const kind = z.enum(['album', 'single']).openapi('Kind');
const body = z.object({
  plain: named,
  nullable: named.nullable(),
  described: named.nullable().openapi({ description: 'Null before the first' }),
  kind: kind.nullable(),
  inList: z.array(named.nullable()),
});

/** The document as the generator writes it, of one route that answers `body`. */
function generated() {
  const api = new OpenAPIHono();
  const content = { 'application/json': { schema: body } };
  const route = createRoute({
    method: 'get',
    path: '/',
    responses: { 200: { description: 'Body', content } },
  });
  api.openAPIRegistry.registerPath(route);
  return api.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Test', version: '1' } });
}

function takes(document: ReturnType<typeof generated>, value: unknown): boolean {
  const response = document.paths?.['/']?.get?.responses?.[200] as {
    content: { 'application/json': { schema: object } };
  };
  const schema = { ...response.content['application/json'].schema, components: document.components };
  return new Validator(schema as Schema, '2020-12').validate(value).valid;
}

const some = { name: 'a' };
const whole = { plain: some, nullable: some, described: some, kind: 'album', inList: [some] };
const empty = { plain: some, nullable: null, described: null, kind: null, inList: [null, some] };

it('what may be null may be so in the document, and may be nothing else that it was not', () => {
  const document = withNullableRefs(generated());
  expect([takes(document, whole), takes(document, empty)]).toEqual([true, true]);
  for (const wrong of [
    { plain: null },
    { nullable: {} },
    { nullable: 'a' },
    { described: { name: 1 } },
    { kind: 'ep' },
    { inList: [{}] },
  ])
    expect(takes(document, { ...whole, ...wrong }), JSON.stringify(wrong)).toBe(false);
});

it('says beside the name what was said of it there', () => {
  const text = JSON.stringify(withNullableRefs(generated()));
  expect(text).toContain('"described":{"description":"Null before the first","anyOf":[{"$ref"');
});

it('is still needed: the generator itself writes what null never fits', () => {
  expect([takes(generated(), whole), takes(generated(), empty)]).toEqual([true, false]);
});
