const NULL = { type: 'null' };

const isObject = (part: unknown): part is Record<string, unknown> =>
  typeof part === 'object' && part !== null && !Array.isArray(part);

/**
 * Returns an OpenAPI 3.1 document in which a named schema that may be null is that schema or null. The generator writes
 * it as all of that schema and of one whose type may be null, which null itself never is (JSON Schema 2020-12,
 * 10.2.1.1), so that whoever checks our answers against the document would refuse them.
 */
export function withNullableRefs<Part>(part: Part): Part {
  return rewritten(part) as Part;
}

function rewritten(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(rewritten);
  if (!isObject(part)) return part;
  const { allOf, ...others } = part;
  const either = Array.isArray(allOf) ? refOrNull(allOf) : null;
  const parts = either === null ? part : { ...others, ...either };
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, rewritten(value)]));
}

/** Returns what stands for `allOf: [{ $ref }, { type: [..., 'null'], ...rest }]`, or null if it is not that. */
function refOrNull([reference, added, ...more]: unknown[]): Record<string, unknown> | null {
  if (more.length > 0 || !isObject(reference) || !('$ref' in reference) || !isObject(added)) return null;
  const { type, ...rest } = added;
  return Array.isArray(type) && type.includes('null') ? { ...rest, anyOf: [reference, NULL] } : null;
}
