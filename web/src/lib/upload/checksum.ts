/** WebCrypto hashes only what is in memory whole; larger files are guarded by their size alone. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** Returns the SHA-256 of a file in hex where that is cheap, else null. */
export async function cheapSha256(file: Blob): Promise<string | null> {
  // Browsers offer WebCrypto on secure origins only.
  if (file.size > LARGEST_BYTES || globalThis.crypto?.subtle === undefined) return null;
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
