import type { z } from '@hono/zod-openapi';
import type { TrackCard } from '../../../platform/cards.ts';
import { presentImage } from '../../../platform/images.ts';
import type { artists } from '../artists/artist-tables.ts';
import {
  presentArtistCard,
  presentReleaseCard,
  presentTrackCard,
  type ReleaseCardRow,
  type TrackCardRow,
} from '../cards.ts';
import type { labels } from '../releases/release-tables.ts';
import { presentTrack, type TrackRow } from '../tracks/present.ts';
import type {
  artistPageSchema,
  countedLabelSchema,
  creditSchema,
  releasePageSchema,
  trackPageSchema,
} from './schemas.ts';

type Link = TrackCardRow['artist'];

/** A credit as it is read, with whom it names here. */
export interface CreditRow {
  trackId: string | null;
  name: string;
  role: string;
  artist: Link;
}

export interface LabelRow {
  kind: 'genre' | 'tag';
  slug: string;
  name: string;
}

/** Returns the answer's form of an artist's page. */
export function presentArtist(row: typeof artists.$inferSelect): z.infer<typeof artistPageSchema> {
  return {
    ...presentArtistCard(row),
    bio: row.bio,
    location: row.location,
    links: row.links.map(({ label, url }) => ({ label, url })),
    banner: row.banner && presentImage(row.banner),
  };
}

/** Returns the answer's form of a credit. */
export function presentCredit({ name, role, artist }: CreditRow): z.infer<typeof creditSchema> {
  return { name, role, artist: artist && { artistId: artist.id, slug: artist.slug, name: artist.name } };
}

/** Returns the answer's form of a genre or tag with its number of releases. */
export function presentLabel(row: typeof labels.$inferSelect): z.infer<typeof countedLabelSchema> {
  return { slug: row.slug, name: row.name, releaseCount: row.releaseCount };
}

function labelsOfKind(rows: readonly LabelRow[], kind: LabelRow['kind']) {
  return rows.filter((row) => row.kind === kind).map(({ slug, name }) => ({ slug, name }));
}

/** Returns the answer's form of a release's page. */
export function presentRelease(
  row: ReleaseCardRow,
  parts: { tracksOn: TrackRow[]; credited: CreditRow[]; labelled: LabelRow[] },
): z.infer<typeof releasePageSchema> {
  const { release } = row;
  const { tracksOn, credited, labelled } = parts;
  const byTrack = Map.groupBy(credited, ({ trackId }) => trackId);
  return {
    ...presentReleaseCard(row),
    description: release.description,
    label: release.label,
    upc: release.upc,
    licence: release.licence,
    genres: labelsOfKind(labelled, 'genre'),
    tags: labelsOfKind(labelled, 'tag'),
    credits: (byTrack.get(null) ?? []).map(presentCredit),
    tracks: tracksOn.map((track) => ({
      ...presentTrackCard({ track, release, artist: row.artist }),
      credits: (byTrack.get(track.id) ?? []).map(presentCredit),
      downloadable: track.downloadable,
    })),
    listedAt: release.listedAtMs === null ? null : new Date(release.listedAtMs).toISOString(),
  };
}

/** What a track's page is made of. */
export interface TrackParts {
  row: TrackCardRow & { releaseLicence: z.infer<typeof trackPageSchema>['licence'] | null };
  isOwner: boolean;
  credited: CreditRow[];
  labelled: LabelRow[];
  lyrics: z.infer<typeof trackPageSchema>['lyrics'];
}

/** Returns the answer's form of a track's page. */
export function presentTrackPage(parts: TrackParts): z.infer<typeof trackPageSchema> {
  const { row, isOwner, credited, labelled, lyrics } = parts;
  const card: TrackCard = presentTrackCard(row);
  return {
    ...presentTrack(row.track, isOwner),
    card,
    isrc: row.track.isrc,
    licence: row.track.licence ?? row.releaseLicence ?? 'all-rights-reserved',
    downloadable: row.track.downloadable,
    credits: credited.map(presentCredit),
    genres: labelsOfKind(labelled, 'genre'),
    lyrics,
    playCount: row.track.playCount,
    listedAt: row.track.listedAtMs === null ? null : new Date(row.track.listedAtMs).toISOString(),
  };
}
