import type { z } from '@hono/zod-openapi';
import type { Cover, PersonCard, PlaylistCard, TrackCard } from '../../platform/cards.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import type { ImageDeps } from '../../platform/image-store.ts';
import { presentImage } from '../../platform/images.ts';
import type { SmartField } from '../../platform/smart-fields.ts';
import { encodeCursor } from './cursor.ts';
import type { EntryRow, EntryStore } from './entries/entry-store.ts';
import type { MemberStore } from './members/member-store.ts';
import { COVER_CANDIDATES, COVERS } from './policy.ts';
import type { PlaylistPorts } from './ports.ts';
import type { entryPageSchema, entrySchema, playlistSchema } from './schemas.ts';
import type { EvaluateRules } from './smart/evaluate.ts';
import type { PlaylistStore, SeenPlaylist } from './store.ts';

/** What the rules of playlists need. */
export interface PlaylistDeps extends PlaylistPorts {
  store: PlaylistStore;
  entries: EntryStore;
  members: MemberStore;
  evaluate: EvaluateRules;
  smartFields: readonly SmartField[];
  images: ImageDeps;
  /** Where the pages are that files of playlists point to. */
  publicOrigin: string;
}

export type Entry = z.infer<typeof entrySchema>;
export type EntryPage = z.infer<typeof entryPageSchema>;
export type Playlist = z.infer<typeof playlistSchema>;

/** Returns a playlist that somebody may see. Throws `not_found` where there is none, or it is hidden from them. */
export async function seenBy(
  { store }: PlaylistDeps,
  playlistId: string,
  viewerId: string | null,
): Promise<SeenPlaylist> {
  const row = await store.find(playlistId, viewerId);
  if (row === null || (row.visibility === 'private' && row.role === null)) throw notFound();
  return row;
}

/** Returns a playlist whose tracks somebody may change. Throws `forbidden` to who may only look. */
export async function editableBy(
  deps: PlaylistDeps,
  playlistId: string,
  userId: string,
): Promise<SeenPlaylist> {
  const row = await seenBy(deps, playlistId, userId);
  if (row.role === null) throw new ProblemError('forbidden', 'Only those who work on it may change it.');
  return row;
}

/** Returns a playlist that is somebody's own. Throws `forbidden` to who sees it all the same. */
export async function ownedBy(deps: PlaylistDeps, playlistId: string, userId: string): Promise<SeenPlaylist> {
  const row = await seenBy(deps, playlistId, userId);
  if (row.role !== 'owner') throw new ProblemError('forbidden', 'Only its owner may do this.');
  return row;
}

/** Returns the pictures of a playlist: its own, or those of its first tracks. */
export function coversOf({ artwork, covers }: Pick<SeenPlaylist, 'artwork' | 'covers'>): Cover[] {
  return artwork === null ? covers : [presentImage(artwork)];
}

/** Returns the answer's form of a playlist. */
export function presentPlaylist(row: SeenPlaylist, owner: PersonCard | null): Playlist {
  return {
    playlistId: row.id,
    title: row.title,
    description: row.description,
    visibility: row.visibility,
    isSmart: row.rules !== null,
    rules: row.role === null ? null : row.rules,
    owner,
    role: row.role,
    trackCount: row.entryCount,
    durationSeconds: row.durationSeconds,
    covers: coversOf(row),
    hasOwnCover: row.artwork !== null,
    createdAt: new Date(row.createdAtMs).toISOString(),
    updatedAt: new Date(row.updatedAtMs).toISOString(),
  };
}

/** Returns a playlist with its owner's name, for one answer. */
export async function presentOne(deps: PlaylistDeps, row: SeenPlaylist): Promise<Playlist> {
  const people = await deps.findPeople([row.ownerId]);
  return presentPlaylist(row, people.get(row.ownerId) ?? null);
}

/** Returns entries with their tracks as somebody sees them; a track that is hidden from them is null. */
export async function presentEntries(
  deps: PlaylistDeps,
  rows: readonly EntryRow[],
  viewerId: string | null,
): Promise<Entry[]> {
  const [tracks, people] = await Promise.all([
    deps.findTracks(
      rows.map(({ trackId }) => trackId),
      viewerId,
    ),
    deps.findPeople(rows.flatMap(({ addedBy }) => addedBy ?? [])),
  ]);
  return rows.map((row) => ({
    entryId: row.id,
    trackId: row.trackId,
    position: row.position,
    track: tracks.get(row.trackId) ?? null,
    addedBy: row.addedBy === null ? null : (people.get(row.addedBy) ?? null),
    addedAt: new Date(row.addedAtMs).toISOString(),
  }));
}

/** Returns a page of what is in a playlist that people fill. */
export async function entryPage(
  deps: PlaylistDeps,
  playlist: SeenPlaylist,
  viewerId: string | null,
  { after, limit }: { after: [string, string] | null; limit: number },
): Promise<EntryPage> {
  const rows = await deps.entries.list(playlist.id, after, limit);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await presentEntries(deps, shown, viewerId),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.position, last.id) : null,
    isPartial: false,
  };
}

/** Returns the first different covers of tracks, in their order. */
export function firstCovers(cards: Iterable<TrackCard | undefined>): Cover[] {
  const covers = new Map<string, Cover>();
  for (const card of cards) {
    if (card?.artwork != null && covers.size < COVERS) covers.set(card.artwork.url300, card.artwork);
  }
  return [...covers.values()];
}

/** Chooses a playlist's covers anew after `change`, from tracks that everyone may see. */
export async function refreshCovers(deps: PlaylistDeps, playlistId: string, change: string): Promise<void> {
  const rows = await deps.entries.list(playlistId, null, COVER_CANDIDATES);
  const ids = rows.map(({ trackId }) => trackId);
  const cards = await deps.findTracks(ids, null);
  await deps.store.setCovers(playlistId, firstCovers(ids.map((id) => cards.get(id))), change);
}

/** Returns the cards of those of these playlists that somebody may see. */
export async function findPlaylistCards(
  { store, findPeople }: Pick<PlaylistDeps, 'store' | 'findPeople'>,
  ids: readonly string[],
  viewerId: string | null,
): Promise<Map<string, PlaylistCard>> {
  const rows = await store.findMany(ids, viewerId);
  const seen = rows.filter(({ visibility, role }) => visibility !== 'private' || role !== null);
  const people = await findPeople(seen.map(({ ownerId }) => ownerId));
  return new Map(
    seen.map((row) => [
      row.id,
      {
        playlistId: row.id,
        title: row.title,
        owner: people.get(row.ownerId) ?? null,
        trackCount: row.entryCount,
        covers: coversOf(row),
        isSmart: row.rules !== null,
      },
    ]),
  );
}
