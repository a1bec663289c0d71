import { and, desc, eq, gt, isNotNull } from 'drizzle-orm';
import type { Position } from '../../../platform/cursor.ts';
import type { Database } from '../../../platform/db.ts';
import { artists } from '../artists/artist-tables.ts';
import { type LABEL_KINDS, labels, releaseLabels, releases } from '../releases/release-tables.ts';
import { after, artistLinkColumns } from './artist-queries.ts';

export type LabelKind = (typeof LABEL_KINDS)[number];
interface Page {
  position: Position | undefined;
  limit: number;
}

/** Query of the genres or tags that public releases carry, those of most first. */
export function popularLabels(db: Database, kind: LabelKind, page: Page) {
  return db
    .select()
    .from(labels)
    .where(
      and(
        eq(labels.kind, kind),
        gt(labels.releaseCount, 0),
        after(page.position, labels.releaseCount, labels.slug),
      ),
    )
    .orderBy(desc(labels.releaseCount), desc(labels.slug))
    .limit(page.limit + 1);
}

/** Returns a genre or tag that a public release carries. */
export async function findLabel(db: Database, kind: LabelKind, slug: string) {
  const isNamed = and(eq(labels.kind, kind), eq(labels.slug, slug), gt(labels.releaseCount, 0));
  return (await db.select().from(labels).where(isNamed).get()) ?? null;
}

/** Query of the public releases that carry a genre or tag, newest first. */
export function releasesOfLabel(db: Database, kind: LabelKind, slug: string, page: Page) {
  return db
    .select({ release: releases, artist: artistLinkColumns, listedAtMs: releaseLabels.listedAtMs })
    .from(releaseLabels)
    .innerJoin(releases, eq(releases.id, releaseLabels.releaseId))
    .innerJoin(artists, eq(artists.id, releases.artistId))
    .where(
      and(
        eq(releaseLabels.kind, kind),
        eq(releaseLabels.slug, slug),
        isNotNull(releaseLabels.listedAtMs),
        isNotNull(releases.listedAtMs),
        after(page.position, releaseLabels.listedAtMs, releaseLabels.releaseId),
      ),
    )
    .orderBy(desc(releaseLabels.listedAtMs), desc(releaseLabels.releaseId))
    .limit(page.limit + 1);
}

/** Query of artists who have something public, the latest to have first. */
export function newestArtists(db: Database, limit: number) {
  return db
    .select()
    .from(artists)
    .where(isNotNull(artists.listedAtMs))
    .orderBy(desc(artists.listedAtMs), desc(artists.id))
    .limit(limit);
}
