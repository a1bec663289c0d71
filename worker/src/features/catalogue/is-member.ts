import { type SQL, sql } from 'drizzle-orm';

/** True for the artists that somebody is a member of; for nobody, never. */
export function isMember(artistId: unknown, viewerId: string | null): SQL {
  if (viewerId === null) return sql`0`;
  return sql`EXISTS (SELECT 1 FROM artist_members m WHERE m.artist_id = ${artistId} AND m.user_id = ${viewerId})`;
}
