/** Where better-auth reads an address that it will lead a browser to. */
const RETURN_NAMES = ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL'] as const;

const HERE = 'https://here.invalid';

/**
 * True of a path that leads away from us once it is resolved: `/..//elsewhere.example` becomes `//elsewhere.example`,
 * which browsers take for another host (CWE-601). better-auth looks at a path as it is written; of whole addresses it
 * knows which are ours.
 */
export function leadsAway(address: string): boolean {
  if (!address.startsWith('/')) return false;
  if (!URL.canParse(address, HERE)) return true;
  const { origin, pathname } = new URL(address, HERE);
  return origin !== HERE || pathname.startsWith('//');
}

/** Returns whether one of these forms asks to be led away afterwards. */
export function asksToBeLedAway(...forms: unknown[]): boolean {
  return forms.some((form) =>
    RETURN_NAMES.some((name) => {
      const wish: unknown = form !== null && typeof form === 'object' ? Reflect.get(form, name) : undefined;
      return [wish].flat().some((address) => typeof address === 'string' && leadsAway(address));
    }),
  );
}
