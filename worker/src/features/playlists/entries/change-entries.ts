import type { z } from '@hono/zod-openapi';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { MAX_ENTRIES } from '../policy.ts';
import type { addEntriesSchema, changedEntriesSchema } from '../schemas.ts';
import { editableBy, type PlaylistDeps, presentEntries, refreshCovers } from '../service.ts';
import type { SeenPlaylist } from '../store.ts';
import type { Place } from './entry-store.ts';

export type ChangedEntries = z.infer<typeof changedEntriesSchema>;

/** Where a change happens and by whom. */
interface Where {
  playlistId: string;
  userId: string;
}

async function fillableBy(deps: PlaylistDeps, { playlistId, userId }: Where): Promise<SeenPlaylist> {
  const row = await editableBy(deps, playlistId, userId);
  if (row.rules !== null) {
    throw new ProblemError('playlist_is_smart', 'Its rules choose what is in it; change those instead.');
  }
  return row;
}

function noPlace(): ProblemError {
  return new ProblemError('validation_failed', 'after: is not an entry of this playlist.', {
    issues: [{ path: 'after', message: 'is not an entry of this playlist' }],
  });
}

/** Tells why a change did not come through although it was allowed a moment ago. */
async function refusal(deps: PlaylistDeps, where: Where): Promise<ProblemError> {
  await fillableBy(deps, where);
  return new ProblemError('playlist_full', `A playlist holds ${MAX_ENTRIES} tracks at most.`);
}

/** Returns what became of entries, in the order of their ids. */
async function outcome(
  deps: PlaylistDeps,
  { playlistId, userId }: Where,
  entryIds: readonly string[],
  change: string | null,
  skippedTrackIds: string[] = [],
): Promise<ChangedEntries> {
  if (change !== null) await refreshCovers(deps, playlistId, change);
  const [playlist, rows] = await Promise.all([
    deps.store.find(playlistId, userId),
    deps.entries.findMany(playlistId, entryIds),
  ]);
  if (playlist === null) throw notFound();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    entries: await presentEntries(
      deps,
      entryIds.flatMap((id) => byId.get(id) ?? []),
      userId,
    ),
    skippedTrackIds,
    trackCount: playlist.entryCount,
    durationSeconds: playlist.durationSeconds,
    covers: playlist.covers,
  };
}

/**
 * Adds tracks. Throws `not_found` with their ids where some are hidden from who adds them, and `duplicate_tracks` with
 * theirs where some are in already and nobody said what to do. Entries that the playlist knows by id stay as they are.
 */
export async function addEntries(
  deps: PlaylistDeps,
  where: Where,
  wish: z.infer<typeof addEntriesSchema>,
): Promise<ChangedEntries> {
  const { playlistId, userId } = where;
  await fillableBy(deps, where);
  const wished = wish.entries.map(({ entryId = newId('ple'), trackId }) => ({ entryId, trackId }));
  const trackIds = wished.map(({ trackId }) => trackId);
  const entryIds = wished.map(({ entryId }) => entryId);
  const [cards, within] = await Promise.all([
    deps.findTracks(trackIds, userId),
    wish.duplicates === 'allow'
      ? new Set<string>()
      : deps.entries.tracksWithin(playlistId, trackIds, entryIds),
  ]);
  const hidden = trackIds.filter((id) => !cards.has(id));
  if (hidden.length > 0) {
    throw new ProblemError('not_found', 'Some of these tracks do not exist, or are not yours to see.', {
      trackIds: [...new Set(hidden)],
    });
  }
  if (within.size > 0 && wish.duplicates === 'refuse') {
    throw new ProblemError('duplicate_tracks', 'Some of these tracks are in this playlist already.', {
      trackIds: [...within],
    });
  }
  const entries = wished
    .filter(({ trackId }) => !within.has(trackId))
    .map((entry) => ({ ...entry, durationSeconds: cards.get(entry.trackId)?.durationSeconds ?? 0 }));
  const kept = entries.map(({ entryId }) => entryId);
  if (entries.length === 0) return outcome(deps, where, kept, null, [...within]);
  const added = await deps.entries.add({ ...where, nowMs: Date.now() }, entries, wish.after);
  if (added === 'no_place') throw noPlace();
  if (added === 'refused') throw await refusal(deps, where);
  return outcome(deps, where, kept, added.change, [...within]);
}

/** Removes entries, or brings back what was removed, each to where it was. Ids that it does not know change nothing. */
export async function setRemoved(
  deps: PlaylistDeps,
  where: Where,
  entryIds: readonly string[],
  isRemoved: boolean,
): Promise<ChangedEntries> {
  await fillableBy(deps, where);
  const change = await deps.entries.setRemoved({ ...where, nowMs: Date.now() }, entryIds, isRemoved);
  if (change === null) throw await refusal(deps, where);
  return outcome(deps, where, entryIds, change);
}

/** Moves entries together to a place, in the order given. */
export async function moveEntries(
  deps: PlaylistDeps,
  where: Where,
  entryIds: readonly string[],
  place: Place,
): Promise<ChangedEntries> {
  await fillableBy(deps, where);
  const moved = await deps.entries.move({ ...where, nowMs: Date.now() }, entryIds, place);
  if (moved === 'no_place') throw noPlace();
  if (moved === 'refused') throw await refusal(deps, where);
  return outcome(deps, where, entryIds, moved.change);
}
