import { env } from 'cloudflare:workers';
import { type Schema as JsonSchema, Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { type Api, apiWith, bindingsWith, read } from '../support/api.ts';
import { anyText, type Schema, ValueMaker } from '../support/generated-values.ts';
import { givenRelease } from '../support/given-release.ts';
import type { Person } from '../support/people.ts';

/** Requests of each operation; `npm run properties` sends many more. */
const RUNS = Number((env as { PROPERTY_RUNS?: string }).PROPERTY_RUNS || '6');
const SEED = RUNS === 6 ? { seed: 20_261_121 } : {};

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}
interface Described {
  'x-auth': string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}
interface Document {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

/** What the tests of their own look at, for here each would say that the transcoder is not running. */
const SAYS_WHAT_IS_DOWN = new Set(['GET /readyz']);

const people = accountsIn('development', bindingsWith({}), { RATE_LIMIT_FACTOR: '10000' });
const api: Api = apiWith(people.bindings);
const document = await read<Document>(await api('/api/openapi.json'));
const { components } = document;

const { browser, id: userId } = await signedUp(people, 'admin');
const members = ['alice', userId];
const { artist, release, tracks } = await givenRelease({
  tracks: [{ ownerId: userId }, { downloadable: true }],
  genres: ['known'],
  tags: ['known'],
  members,
  lyrics: { plain: 'la' },
});
const hidden = await givenRelease({ isListed: false, members });
const somebody = await signedUp(people);

async function made(path: string, json: unknown, id: string): Promise<string> {
  const answer = await browser.call(path, { json });
  expect(answer.status, `${path} makes what the others are about`).toBe(201);
  return (await read<Record<string, string>>(answer))[id] ?? '';
}

const trackIds = [...tracks, ...hidden.tracks].map(({ id }) => id);
/** What is there, by the names of parameters; what is not named here is made by its schema. */
const THERE: Record<string, string[]> = {
  artistId: [artist.id, artist.slug, hidden.artist.id],
  releaseId: [release.id, hidden.release.id],
  releaseSlug: [release.slug],
  trackId: trackIds,
  id: [...trackIds, artist.id, release.id],
  ids: [[...trackIds, artist.id].join()],
  slug: ['known'],
  sizePx: ['64'],
  userId: [userId, somebody.id],
  handle: [somebody.handle],
  version: tracks.map(({ version }) => version ?? ''),
  uploadId: [await made('/api/v1/uploads', { fileName: 'a.flac', sizeBytes: 9 }, 'uploadId')],
  playlistId: [await made('/api/v1/playlists', { title: 'Known' }, 'playlistId')],
};
const KNOWN = [...new Set(Object.values(THERE).flat()), 'alice', '1'];
const CALLERS = ['nobody', 'alice', 'bob', 'lena', 'olga', 'browser'] as const;
type Caller = (typeof CALLERS)[number];

/** Most requests should get past the checks, or nothing is learnt about what is behind them. */
type Manner = 'fitting' | 'noisy' | 'wild';
const MANNERS: Manner[] = ['fitting', 'fitting', 'fitting', 'noisy', 'wild'];

function callersOf(auth: string, manner: Manner): fc.Arbitrary<Caller> {
  if (manner === 'wild') return fc.constantFrom(...CALLERS);
  if (auth === 'public') return fc.constantFrom('nobody', 'browser', 'alice');
  return auth === 'session' ? fc.constant('browser') : fc.constantFrom('browser', 'browser', 'alice', 'olga');
}

/** Path segments that addresses can carry: `.` and `..` never arrive, an empty one is another path. */
const anySegment = anyText.filter(
  (text) => !['', '.', '..'].includes(text) && text.isWellFormed() && text.length < 300,
);

function parameterValues(maker: ValueMaker, parameter: Parameter, manner: Manner): fc.Arbitrary<string> {
  const { schema, name, in: place } = parameter;
  if (manner === 'fitting') {
    const there = THERE[name];
    if (there !== undefined) return fc.constantFrom(...there);
    return maker.of(schema).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  }
  const fitting = maker
    .of(schema)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const known = fc.constantFrom(...KNOWN);
  if (place !== 'path') return fc.oneof(fitting, anyText).filter((text) => text.isWellFormed());
  const asSegment = fitting.filter((text) => !['', '.', '..'].includes(text) && text.isWellFormed());
  return fc.oneof({ weight: 3, arbitrary: asSegment }, { weight: 3, arbitrary: known }, anySegment);
}

interface Sent {
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  caller: Caller;
}

function requestsOf(path: string, described: Described): fc.Arbitrary<Sent> {
  const parameters = described.parameters ?? [];
  const isJson = described.requestBody?.content?.['application/json']?.schema;
  return fc.constantFrom(...MANNERS).chain((manner) => {
    const maker = new ValueMaker(components.schemas, KNOWN, manner === 'fitting' ? 0 : 6);
    const pathValues = fc.record(
      Object.fromEntries(
        parameters
          .filter((one) => one.in === 'path')
          .map((one) => [one.name, parameterValues(maker, one, manner)]),
      ),
    );
    const others = parameters.filter((one) => one.in !== 'path');
    const otherValues = fc.record(
      Object.fromEntries(others.map((one) => [one.name, parameterValues(maker, one, manner)])),
      { requiredKeys: others.filter((one) => one.required).map((one) => one.name) },
    );
    const json =
      isJson === undefined ? fc.constant(undefined) : maker.of(isJson).map((value) => JSON.stringify(value));
    const raw = described.requestBody !== undefined && isJson === undefined;
    const body = raw
      ? fc.string({ maxLength: 50 })
      : manner === 'wild'
        ? fc.oneof(json, fc.constant(isJson && '{'))
        : json;
    return fc
      .record({ pathValues, otherValues, body, caller: callersOf(described['x-auth'], manner) })
      .map((parts) => toRequest(path, others, parts));
  });
}

function toRequest(
  path: string,
  others: Parameter[],
  made: {
    pathValues: Record<string, string>;
    otherValues: Record<string, string>;
    body: string | undefined;
    caller: Sent['caller'];
  },
): Sent {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(made.pathValues[name] ?? 'nothing'),
  );
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const { name, in: place } of others) {
    const value = made.otherValues[name];
    if (value === undefined) continue;
    if (place === 'query') query.set(name, value);
    else headers[name] = encodeURIComponent(value);
  }
  const { body, caller } = made;
  return { path: `${filled}${query.size === 0 ? '' : `?${query}`}`, headers, body, caller };
}

/** Whoever signs out or leaves is nobody's caller afterwards. */
const ENDS_ITSELF = /^\/api\/v1\/me\/(?:deletion|sessions|export)/;

async function send(method: string, { path, headers, body, caller }: Sent): Promise<Response> {
  const type =
    method === 'PUT' && body !== undefined && !/^[[{"\dtfn-]/.test(body)
      ? 'application/octet-stream'
      : 'application/json';
  const call = {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(body.length) }),
    },
    ...(body === undefined ? {} : { body }),
  };
  if (caller === 'browser') {
    const own = ENDS_ITSELF.test(path) ? (await signedUp(people, 'admin')).browser : browser;
    return own.call(path, call);
  }
  return api(path, caller === 'nobody' ? call : { ...call, as: caller as Person });
}

const validators = new Map<Schema, Validator>();
function validatorOf(schema: Schema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = new Validator({ ...schema, components } as unknown as JsonSchema, '2020-12', false);
    validators.set(schema, validator);
  }
  return validator;
}

/** Asserts that an answer is one of those that the document promises, in the shape that it promises. */
async function expectDocumented(response: Response, described: Described, told: string): Promise<void> {
  expect(
    response.status,
    `${told}\n${response.status < 500 ? '' : await response.clone().text()}`,
  ).toBeLessThan(500);
  const promised = described.responses[String(response.status)];
  expect(promised, `${told} answered ${response.status}, which is not documented`).toBeDefined();
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const content = promised?.content?.[type];
  if (promised?.content === undefined) {
    await response.body?.cancel();
    return;
  }
  expect(Object.keys(promised.content), `${told}: the type of the answer`).toContain(type);
  if (!/json/.test(type) || content?.schema === undefined) {
    await response.body?.cancel();
    return;
  }
  const body: unknown = await response.json();
  const { valid, errors } = validatorOf(content.schema).validate(body);
  expect(valid, `${told} ${response.status}: ${JSON.stringify(errors)} in ${JSON.stringify(body)}`).toBe(
    true,
  );
}

it('an answer of another status, type or shape is noticed', async () => {
  const home = document.paths['/api/v1/home']?.get as Described;
  const problem = { headers: { 'content-type': 'application/problem+json' } };
  const shelves = { newReleases: [], popularTracks: [], genres: [], newArtists: [] };
  await expectDocumented(Response.json(shelves), home, 'as promised');
  for (const answer of [
    new Response('{}', { status: 500, ...problem }),
    Response.json(shelves, { status: 418 }),
    Response.json({ ...shelves, genres: undefined }),
    Response.json({ ...shelves, newArtists: [{ artistId: 'not an id' }] }),
    new Response(JSON.stringify(shelves), { headers: { 'content-type': 'text/html' } }),
    new Response(JSON.stringify({ code: 'no_such_code' }), { status: 400, ...problem }),
  ])
    await expect(expectDocumented(answer, home, 'another')).rejects.toThrow();
});

describe('whatever is sent, the answer is a documented one and never says that something broke', () => {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, described]) => [`${method.toUpperCase()} ${path}`, path, described] as const,
    ),
  );
  it.each(all.filter(([name]) => !SAYS_WHAT_IS_DOWN.has(name)))('%s', async (name, path, described) => {
    const [method = ''] = name.split(' ');
    await fc.assert(
      fc.asyncProperty(requestsOf(path, described), async (request) => {
        const told = `${method} ${request.path} as ${request.caller} with ${request.body}`;
        await expectDocumented(await send(method, request), described, told);
      }),
      { numRuns: RUNS, ...SEED, endOnFailure: RUNS === 6 },
    );
  });
});
