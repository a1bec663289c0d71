import type { AuthParts } from './auth-parts.ts';

/**
 * Shuts out every app and deletes every API key of somebody whose account may have been another's, and records it.
 * Returns whether there was anything. Access JWTs go on for up to 15 minutes.
 */
export async function endAccess(
  { oauth, record }: Pick<AuthParts, 'oauth' | 'record'>,
  userId: string,
  request: Request | undefined,
): Promise<boolean> {
  const { apps, keys } = await oauth.endAccess(userId, new Date());
  const who = { actorId: userId, subjectId: userId, ...(request && { request }) };
  if (apps > 0) await record({ event: 'client_revoked', details: { count: apps }, ...who });
  if (keys > 0) await record({ event: 'api_key_revoked', details: { count: keys }, ...who });
  return apps + keys > 0;
}
