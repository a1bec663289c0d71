import { env } from 'cloudflare:workers';
import {
  artistMembers,
  artists,
  credits,
  labels,
  releaseLabels,
  releases,
  trackLyrics,
  tracks,
} from '../../src/features/catalogue/tables.ts';
import { openDatabase, runBatch, type Statement } from '../../src/platform/db.ts';
import { newId } from '../../src/platform/ids.ts';

type Release = typeof releases.$inferInsert;
type Track = typeof tracks.$inferInsert;

let serial = 0;

/** What a test says of a release; the rest is made up. */
export interface GivenRelease {
  artist?: Partial<typeof artists.$inferInsert>;
  release?: Partial<Release>;
  tracks?: Partial<Track>[];
  /** Slugs of genres and tags. */
  genres?: string[];
  tags?: string[];
  /** People with access tokens who are members of the artist. */
  members?: string[];
  credits?: { name: string; role: string; artistId?: string; ofTrack?: number }[];
  lyrics?: { plain?: string; lrc?: string };
  /** False leaves everything a draft. */
  isListed?: boolean;
}

/**
 * Puts an artist with a release and its tracks straight into the database, as they are after publishing, and returns
 * their rows. What publishing does has tests of its own.
 */
export async function givenRelease(given: GivenRelease = {}) {
  const db = openDatabase(env.DB);
  const unique = `${Date.now().toString(36)}${serial++}`;
  const nowMs = Date.now() + serial;
  const listedAtMs = given.isListed === false ? null : nowMs;
  const stamps = { createdAtMs: nowMs, updatedAtMs: nowMs };
  const artist = {
    id: newId('art'),
    slug: `artist-${unique}`,
    name: `Artist ${unique}`,
    listedAtMs,
    ...stamps,
    ...given.artist,
  };
  const ofTracks = given.tracks ?? [{}];
  const release = {
    id: newId('rel', nowMs),
    artistId: artist.id,
    slug: `release-${unique}`,
    title: `Release ${unique}`,
    kind: 'album' as const,
    state: listedAtMs === null ? ('draft' as const) : ('published' as const),
    trackCount: ofTracks.length,
    durationSeconds: ofTracks.length * 180,
    listedAtMs,
    ...stamps,
    ...given.release,
  };
  const made = ofTracks.map((track, i) => ({
    id: newId('trk', nowMs),
    ownerId: 'alice',
    state: 'ready' as const,
    fileName: `${i + 1}.flac`,
    title: `Track ${i + 1}`,
    releaseId: release.id,
    artistId: artist.id,
    discNumber: 1,
    trackNumber: i + 1,
    durationSeconds: 180,
    version: newId('ver'),
    publishedAtMs: nowMs,
    createdAtMs: nowMs,
    listedAtMs,
    ...track,
  }));
  const labelled = [
    ...(given.genres ?? []).map((slug) => ({ kind: 'genre' as const, slug })),
    ...(given.tags ?? []).map((slug) => ({ kind: 'tag' as const, slug })),
  ];
  const statements: Statement[] = [
    db.insert(artists).values(artist).onConflictDoNothing(),
    db.insert(releases).values(release),
    ...made.map((track) => db.insert(tracks).values(track)),
    ...(given.members ?? []).map((userId) =>
      db
        .insert(artistMembers)
        .values({ artistId: artist.id, userId, role: 'owner', createdAtMs: nowMs })
        .onConflictDoNothing(),
    ),
    ...labelled.flatMap(({ kind, slug }, position) => [
      db
        .insert(labels)
        .values({ kind, slug, name: slug.toUpperCase(), releaseCount: listedAtMs === null ? 0 : 1 })
        .onConflictDoNothing(),
      db.insert(releaseLabels).values({ releaseId: release.id, kind, slug, position, listedAtMs }),
    ]),
    ...(given.credits ?? []).map(({ name, role, artistId, ofTrack }, position) =>
      db.insert(credits).values({
        id: newId('cdt'),
        releaseId: release.id,
        trackId: ofTrack === undefined ? null : made[ofTrack]?.id,
        artistId,
        name,
        role,
        position,
      }),
    ),
    ...(given.lyrics === undefined
      ? []
      : [db.insert(trackLyrics).values({ trackId: made[0]?.id ?? '', ...given.lyrics, updatedAtMs: nowMs })]),
  ];
  await runBatch(db, statements);
  return { artist, release, tracks: made };
}
