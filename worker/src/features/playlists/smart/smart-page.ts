import type { TrackCard } from '../../../platform/cards.ts';
import { type EntryPage, firstCovers, type PlaylistDeps } from '../service.ts';
import type { SeenPlaylist } from '../store.ts';
import type { SmartRules } from '../vocabulary.ts';

/** Returns what rules find for their owner, as somebody else sees it, all on one page. */
export async function smartPage(
  deps: PlaylistDeps,
  rules: SmartRules,
  ownerId: string,
  viewerId: string | null,
): Promise<EntryPage> {
  const { trackIds, isPartial } = await deps.evaluate(rules, ownerId);
  const cards = await deps.findTracks(trackIds, viewerId);
  const items = trackIds.map((trackId) => ({
    entryId: null,
    trackId,
    position: null,
    track: cards.get(trackId) ?? null,
    addedBy: null,
    addedAt: null,
  }));
  return { items, nextCursor: null, isPartial };
}

/** Keeps how much a smart playlist holds and its covers, where that has changed; lists show it without asking again. */
export async function keepContents(
  { store }: PlaylistDeps,
  row: SeenPlaylist,
  { items }: EntryPage,
): Promise<SeenPlaylist> {
  const cards = items.flatMap(({ track }): TrackCard[] => (track === null ? [] : [track]));
  const contents = {
    entryCount: items.length,
    durationSeconds: cards.reduce((sum, card) => sum + (card.durationSeconds ?? 0), 0),
    covers: firstCovers(cards),
  };
  const { entryCount, durationSeconds, covers } = row;
  if (JSON.stringify(contents) !== JSON.stringify({ entryCount, durationSeconds, covers })) {
    await store.setContents(row.id, contents);
  }
  return { ...row, ...contents };
}
