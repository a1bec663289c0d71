import { and, desc, eq, isNotNull, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Position } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import { artists } from '../artists/artist-tables.ts';
import { isMember } from '../is-member.ts';
import { credits, releases } from '../releases/release-tables.ts';
import { tracks } from '../tracks/track-tables.ts';

/** What a card says of an artist who is not its subject. */
export const artistLinkColumns = { id: artists.id, slug: artists.slug, name: artists.name };
export const releaseLinkColumns = {
  id: releases.id,
  slug: releases.slug,
  title: releases.title,
  artwork: releases.artwork,
};

type ReleaseKind = (typeof releases.$inferSelect)['kind'];

/** Index rows of credits that one page looks at: most releases that somebody plays on are often their own. */
const CREDITS_AT_ONCE = 100;

/** Returns an artist by id or slug who has something public, or whom the viewer is a member of. */
export async function findArtist(db: Database, ref: string, viewerId: string | null) {
  const isNamed = eq(ref.startsWith('art_') ? artists.id : artists.slug, ref);
  const isVisible = or(isNotNull(artists.listedAtMs), isMember(artists.id, viewerId));
  return (await db.select().from(artists).where(and(isNamed, isVisible)).get()) ?? null;
}

/** Condition of rows after a position, in a list that is sorted downwards by both columns. */
export function after(position: Position | undefined, value: unknown, name: unknown): SQL | undefined {
  return position && sql`(${value}, ${name}) < (${position.value}, ${position.name})`;
}

/** Query of an artist's public releases, newest first. */
export function discography(
  db: Database,
  artistId: string,
  page: { kind?: ReleaseKind | undefined; position: Position | undefined; limit: number },
) {
  return db
    .select({ release: releases, artist: artistLinkColumns })
    .from(releases)
    .innerJoin(artists, eq(artists.id, releases.artistId))
    .where(
      and(
        eq(releases.artistId, artistId),
        isNotNull(releases.listedAtMs),
        page.kind && eq(releases.kind, page.kind),
        after(page.position, releases.listedAtMs, releases.id),
      ),
    )
    .orderBy(desc(releases.listedAtMs), desc(releases.id))
    .limit(page.limit + 1);
}

/** Query of an artist's public tracks, most played first. */
export function popularTracks(
  db: Database,
  artistId: string,
  page: { position: Position | undefined; limit: number },
) {
  return db
    .select({ track: tracks, release: releaseLinkColumns, artist: artistLinkColumns })
    .from(tracks)
    .leftJoin(releases, eq(releases.id, tracks.releaseId))
    .innerJoin(artists, eq(artists.id, tracks.artistId))
    .where(
      and(
        eq(tracks.artistId, artistId),
        isNotNull(tracks.listedAtMs),
        after(page.position, tracks.playCount, tracks.id),
      ),
    )
    .orderBy(desc(tracks.playCount), desc(tracks.id))
    .limit(page.limit + 1);
}

/**
 * Returns public releases of others that name an artist in their credits, latest made first, and the release up to which
 * credits were looked at, null where that was the last. A page may be shorter than others.
 */
export async function appearances(db: Database, artistId: string, afterReleaseId: string | undefined) {
  const named = await db
    .select({ releaseId: credits.releaseId })
    .from(credits)
    .where(
      and(
        eq(credits.artistId, artistId),
        afterReleaseId === undefined ? undefined : sql`${credits.releaseId} < ${afterReleaseId}`,
      ),
    )
    .orderBy(desc(credits.releaseId))
    .limit(CREDITS_AT_ONCE);
  const last = named.length < CREDITS_AT_ONCE ? null : (named.at(-1)?.releaseId ?? null);
  const ids = [...new Set(named.map(({ releaseId }) => releaseId))];
  if (ids.length === 0) return { rows: [], last };
  const rows = await db
    .select({ release: releases, artist: artistLinkColumns })
    .from(releases)
    .innerJoin(artists, eq(artists.id, releases.artistId))
    .where(
      and(
        sql`${releases.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
        isNotNull(releases.listedAtMs),
        ne(releases.artistId, artistId),
      ),
    )
    .orderBy(desc(releases.id));
  return { rows, last };
}
