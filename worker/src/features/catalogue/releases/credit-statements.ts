import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { type Database, inChunks, type Statement } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { credits } from './release-tables.ts';

/** Who did what. */
export interface Credit {
  name: string;
  role: string;
  artistId: string | null;
}

/** Puts other credits on a release (`trackId` null) or on one of its tracks; the whole list at once. */
export function replaceCredits(
  db: Database,
  of: { releaseId: string; trackId: string | null },
  list: readonly Credit[],
  guard: SQL = sql`1`,
): Statement[] {
  const rows = JSON.stringify(list.map((credit) => ({ ...credit, id: newId('cdt') })));
  const field = (name: string) => sql.raw(`json_extract(value, '$.${name}')`);
  return [
    db.delete(credits).where(and(ofThing(of), guard)),
    db
      .insert(credits)
      .select(
        sql`SELECT ${field('id')}, ${of.releaseId}, ${of.trackId}, ${field('artistId')}, ${field('name')}, ${field('role')}, key FROM json_each(${rows}) WHERE ${guard}`,
      ),
  ];
}

function ofThing({ releaseId, trackId }: { releaseId: string; trackId: string | null }): SQL | undefined {
  return trackId === null
    ? and(eq(credits.releaseId, releaseId), isNull(credits.trackId))
    : eq(credits.trackId, trackId);
}

/** Returns the credits of a release as a whole. */
export function findReleaseCredits(db: Database, releaseId: string): Promise<Credit[]> {
  return db
    .select({ name: credits.name, role: credits.role, artistId: credits.artistId })
    .from(credits)
    .where(and(eq(credits.releaseId, releaseId), isNull(credits.trackId)))
    .orderBy(asc(credits.position));
}

/** Returns the credits of tracks by their ids. */
export async function findTrackCredits(
  db: Database,
  trackIds: readonly string[],
): Promise<Map<string, Credit[]>> {
  const rows = await inChunks(trackIds, (chunk) =>
    db.select().from(credits).where(inArray(credits.trackId, chunk)).orderBy(asc(credits.position)).all(),
  );
  const byTrack = new Map<string, Credit[]>();
  for (const { trackId, name, role, artistId } of rows) {
    if (trackId === null) continue;
    byTrack.set(trackId, [...(byTrack.get(trackId) ?? []), { name, role, artistId }]);
  }
  return byTrack;
}
