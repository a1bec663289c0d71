/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface OpenApiDocument {
  info: { title: string; description?: string };
  paths: Record<string, Partial<Record<Method, OpenApiOperation>>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface OpenApiOperation {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

/** A JSON Schema, as far as we use it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

/** One thing that the API can do. */
export interface Operation extends OpenApiOperation {
  method: Method;
  path: string;
  /** Fit for an address: `post-api-v1-uploads`. */
  anchor: string;
}

/** What only those who run an installation need comes last. */
const LAST_TAG = 'Operator';

/** Returns the operations by tag, in the order of the document. */
export function operationsByTag(document: OpenApiDocument): { tag: string; operations: Operation[] }[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation === undefined) continue;
      const tag = operation.tags?.[0] ?? 'Other';
      const anchor = `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '')}`;
      groups.set(tag, [...(groups.get(tag) ?? []), { ...operation, method, path, anchor }]);
    }
  }
  const tags = [...groups.keys()].toSorted((a, b) => Number(a === LAST_TAG) - Number(b === LAST_TAG));
  return tags.map((tag) => ({ tag, operations: groups.get(tag) ?? [] }));
}

/** Returns the first schema of a body, whatever its media type. */
export function bodySchema(content: Record<string, { schema?: Schema }> | undefined): Schema | null {
  return Object.values(content ?? {})[0]?.schema ?? null;
}

function range({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` (${minimum} to ${maximum})`;
  if (minimum !== undefined) return ` (${minimum} or more)`;
  return maximum === undefined ? '' : ` (${maximum} or less)`;
}

/** Returns a schema in the notation of TypeScript, which most readers of an API know. */
export function schemaText(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? schema.$ref;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => schemaText(choice, indent)).join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map((part) => schemaText(part, indent)).join(' & ');
  const types = [schema.type ?? 'any'].flat();
  return types.map((type) => typeText(type, schema, indent)).join(' | ');
}

function typeText(type: string, schema: Schema, indent: string): string {
  if (type === 'object') return objectText(schema, indent);
  if (type === 'array') {
    if (schema.prefixItems)
      return `[${schema.prefixItems.map((item) => schemaText(item, indent)).join(', ')}]`;
    const item = schemaText(schema.items ?? {}, indent);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (type === 'number' || type === 'integer') return type + range(schema);
  return type === 'string' && schema.format !== undefined ? `string (${schema.format})` : type;
}

function objectText({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${inner}${name}${mark}: ${schemaText(schema, inner)}`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}
