import fc from 'fast-check';

/** A JSON Schema as the document has them; only what is looked at. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Texts that have broken programs before. */
const NASTY = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '%',
  '_',
  '\u0000',
  '\ud800',
  '‮',
  '😀'.repeat(40),
  'a'.repeat(5000),
  '../../etc/passwd',
  '<script>',
  '9007199254740993',
  '2026-02-30T25:00:00Z',
];

/** Returns any text, short or long, that a client may send. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, [], {}, [[]], { a: { b: [1, 'x'] } }),
);

function textOf(schema: Schema, known: readonly string[]): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 200 } = schema;
  const isFitting = (value: string) => pattern === undefined || new RegExp(pattern, 'u').test(value);
  const fitting = known.filter(isFitting);
  const chosen = fitting.length === 0 ? [] : [fc.constantFrom(...fitting)];
  if (format === 'date-time')
    return fc
      .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (format === 'email') return fc.emailAddress();
  const anyFitting = fc.string({
    minLength,
    maxLength: Math.min(maxLength, minLength + 40),
    unit: 'grapheme',
  });
  if (pattern === undefined) return fc.oneof(...chosen, anyFitting);
  try {
    return fc.oneof(...chosen, fc.stringMatching(new RegExp(pattern, 'u')));
  } catch {
    // Some classes of characters cannot be generated from; letters are in all of ours.
    return fc.oneof(...chosen, fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/));
  }
}

/** Makes values that a schema allows, and now and then ones that it does not. */
export class ValueMaker {
  readonly #components: Record<string, Schema>;
  readonly #known: readonly string[];
  /** One in so many parts of a value is replaced by anything. */
  readonly #oneIn: number;

  constructor(components: Record<string, Schema>, known: readonly string[], oneIn: number) {
    this.#components = components;
    this.#known = known;
    this.#oneIn = oneIn;
  }

  /** Returns values of a schema; of everything below it too, some are broken. */
  of(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
    const fitting = this.#fitting(schema, depth);
    if (this.#oneIn === 0) return fitting;
    return fc.oneof({ weight: this.#oneIn, arbitrary: fitting }, { weight: 1, arbitrary: anyJson });
  }

  #fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1) ?? '';
      return this.#fitting(this.#components[name] ?? {}, depth);
    }
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    // Schemas that contain themselves have an end: their first alternative does not.
    if (either !== undefined)
      return depth > 5
        ? this.of(either[0] ?? {}, depth + 1)
        : fc.oneof(...either.map((one) => this.of(one, depth + 1)));
    if (schema.allOf !== undefined) {
      const parts = schema.allOf.map((one) => this.#fitting(one, depth + 1));
      return fc.tuple(...parts).map((values) => Object.assign({}, ...values));
    }
    const [type] = [schema.type ?? 'any'].flat();
    const types = [schema.type ?? []].flat();
    if (types.length > 1)
      return fc.oneof(...types.map((one) => this.#fitting({ ...schema, type: one }, depth)));
    if (type === 'null') return fc.constant(null);
    if (type === 'boolean') return fc.boolean();
    if (type === 'string') return textOf(schema, this.#known);
    if (type === 'integer' || type === 'number') {
      const min = Math.max(schema.minimum ?? -1000, -1e9);
      const max = Math.min(schema.maximum ?? 1e6, 1e9);
      return type === 'integer'
        ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
        : fc.double({ min, max, noNaN: true });
    }
    if (type === 'array') {
      const minLength = schema.minItems ?? 0;
      const maxLength = Math.min(schema.maxItems ?? 4, Math.max(minLength, 4));
      return fc.array(this.of(schema.items ?? {}, depth + 1), { minLength, maxLength });
    }
    if (type === 'object') return this.#object(schema, depth);
    return anyJson;
  }

  #object(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const properties = Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, one]) => [name, this.of(one, depth + 1)]),
    );
    const required = (schema.required ?? []).filter((name) => name in properties);
    const record = fc.record(properties, { requiredKeys: required });
    if (this.#oneIn === 0) return record;
    return fc.oneof(
      { weight: this.#oneIn * 2, arbitrary: record },
      { weight: 1, arbitrary: fc.record(properties, { requiredKeys: [] }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(record, fc.dictionary(fc.string({ maxLength: 8 }), anyJson, { maxKeys: 2 }))
          .map(([known, extra]) => ({ ...known, ...extra })),
      },
    );
  }
}
