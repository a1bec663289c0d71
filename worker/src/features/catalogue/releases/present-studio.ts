import type { z } from '@hono/zod-openapi';
import { inOrder } from '../tracks/order.ts';
import { presentStudioTrack } from '../tracks/present-studio.ts';
import type { StudioTracks } from '../tracks/studio-tracks.ts';
import { checklistOf } from './checklist.ts';
import { findReleaseCredits, findTrackCredits } from './credit-statements.ts';
import { findLabels } from './label-statements.ts';
import { presentReleaseArtwork } from './present-artwork.ts';
import type { editReleaseSchema, studioReleaseSchema } from './release-schemas.ts';
import type { OwnRelease, ReleaseStore } from './release-store.ts';
import { localTimeAt } from './zoned-time.ts';

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Returns the answer's form of a release in a list of one's own. */
export function presentStudioRelease({
  release,
  artist,
  role,
}: OwnRelease): z.infer<typeof studioReleaseSchema> {
  const { publishAtMs, timeZone } = release;
  return {
    releaseId: release.id,
    artist: { artistId: artist.id, slug: artist.slug, name: artist.name },
    role,
    slug: release.slug,
    title: release.title,
    kind: release.kind,
    state: release.state,
    artwork: presentReleaseArtwork(release.artwork),
    releaseDate: release.releaseDate,
    publishAt: publishAtMs === null ? null : iso(publishAtMs),
    localDateTime: publishAtMs === null || timeZone === null ? null : localTimeAt(publishAtMs, timeZone),
    timeZone,
    trackCount: release.trackCount,
    durationSeconds: release.durationSeconds,
    createdAt: iso(release.createdAtMs),
    updatedAt: iso(release.updatedAtMs),
    publishedAt: release.listedAtMs === null ? null : iso(release.listedAtMs),
  };
}

/** Returns the answer's form of a release for who changes it, with all that is on it. */
export async function presentEditRelease(
  { releases, studioTracks }: { releases: ReleaseStore; studioTracks: StudioTracks },
  own: OwnRelease,
): Promise<z.infer<typeof editReleaseSchema>> {
  const { release } = own;
  const [labels, credits, rows] = await Promise.all([
    findLabels(releases.db, release.id),
    findReleaseCredits(releases.db, release.id),
    studioTracks.listOf(release.id),
  ]);
  const ids = rows.map(({ id }) => id);
  const [creditsOf, withLyrics] = await Promise.all([
    findTrackCredits(releases.db, ids),
    studioTracks.withLyrics(ids),
  ]);
  return {
    ...presentStudioRelease(own),
    hasNoArtwork: release.artwork === null && release.typedFields.includes('artwork'),
    label: release.label,
    upc: release.upc,
    licence: release.licence,
    description: release.description,
    genres: labels.genre,
    tags: labels.tag,
    credits,
    typedFields: release.typedFields,
    tracks: inOrder(rows).map((row) =>
      presentStudioTrack(row, { credits: creditsOf.get(row.id) ?? [], hasLyrics: withLyrics.has(row.id) }),
    ),
    checklist: checklistOf(release, rows),
  };
}
