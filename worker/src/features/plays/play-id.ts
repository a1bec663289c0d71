const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;

/**
 * Returns the id under which a play is kept: the same for the same person and the same id of their player, so that a
 * repeat finds it whatever happened meanwhile. It stays when the person is taken out of the play, and tells nobody who
 * does not know the player's random id whose it was (130 bits of SHA-256).
 */
export async function playIdOf(userId: string, clientId: string): Promise<string> {
  const text = new TextEncoder().encode(`${userId}\n${clientId.toLowerCase()}`);
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  const digits = Array.from(bytes.subarray(0, LENGTH), (byte) => CROCKFORD.charAt(byte % 32));
  return `ply_${digits.join('')}`;
}
