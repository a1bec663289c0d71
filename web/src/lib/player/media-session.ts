import type { TrackCard } from '$lib/catalogue/cards.ts';
import type { PlayerState } from './player-state.svelte.ts';

/** Hands the keys of the keyboard, headset and locked screen to the player. Returns how to let go of them. */
export function handleMediaKeys(player: PlayerState): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => !player.isPlaying && player.toggle(),
    pause: () => player.isPlaying && player.toggle(),
    previoustrack: () => player.previous(),
    nexttrack: () => player.next(),
    seekbackward: ({ seekOffset }) => player.seekBy(-(seekOffset ?? 10)),
    seekforward: ({ seekOffset }) => player.seekBy(seekOffset ?? 10),
    seekto: ({ seekTime }) => player.seekTo(seekTime ?? 0),
  };
  const actions = Object.keys(handlers) as MediaSessionAction[];
  for (const action of actions) navigator.mediaSession.setActionHandler(action, handlers[action] ?? null);
  return () => {
    for (const action of actions) navigator.mediaSession.setActionHandler(action, null);
  };
}

/** Tells the system what plays, with its cover. */
export function showMetadata(track: TrackCard | null): void {
  if (!('mediaSession' in navigator)) return;
  if (track === null) {
    navigator.mediaSession.metadata = null;
    return;
  }
  const { title, artistName, release, artwork } = track;
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    artist: artistName ?? '',
    album: release?.title ?? '',
    artwork:
      artwork === null
        ? []
        : ([64, 300, 640] as const).map((size) => ({
            src: artwork[`url${size}`],
            sizes: `${size}x${size}`,
            type: 'image/webp',
          })),
  });
}

/** Tells the system where in the track the music is. */
export function showPosition(
  isPlaying: boolean,
  currentSeconds: number,
  durationSeconds: number | null,
): void {
  if (!('mediaSession' in navigator)) return;
  navigator.mediaSession.playbackState = isPlaying ? 'playing' : 'paused';
  if (durationSeconds === null || durationSeconds <= 0) return;
  navigator.mediaSession.setPositionState({
    duration: durationSeconds,
    position: Math.min(currentSeconds, durationSeconds),
    playbackRate: 1,
  });
}
