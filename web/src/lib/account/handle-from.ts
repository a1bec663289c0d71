/** Returns the handle that a name suggests, or '' where nothing of it can be in one. The API knows the rules. */
export function handleFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 30)
    .replace(/^_+|_+$/g, '');
  return plain.length < 3 ? '' : plain;
}
