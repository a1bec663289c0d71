import { apiClient, jsonOf } from '$lib/api/client.ts';
import type { PlayerState } from '$lib/player/player-state.svelte.ts';

/** Tells whether what is played comes from this release. */
export function isFrom(player: PlayerState, releaseId: string): boolean {
  const { source } = player.queue;
  return player.track !== null && source?.kind === 'release' && source.id === releaseId;
}

/** Plays a release from its first track, or pauses and goes on where it is the one that plays. Throws ApiError. */
export async function toggleRelease(player: PlayerState, releaseId: string): Promise<void> {
  if (isFrom(player, releaseId)) {
    player.toggle();
    return;
  }
  const { tracks } = await jsonOf(apiClient().api.v1.releases[':releaseId'].$get({ param: { releaseId } }));
  const [first] = tracks;
  if (first !== undefined) await player.play(first, tracks, { source: { kind: 'release', id: releaseId } });
}
