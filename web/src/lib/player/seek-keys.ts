const SMALL_SECONDS = 5;
const LARGE_SECONDS = 30;

/** Returns where a key takes a time slider, or null where it is none of its keys (ARIA slider pattern). */
export function seekTarget(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  currentSeconds: number,
  durationSeconds: number,
): number | null {
  // Shift with an arrow changes the track, wherever the focus is.
  if (shiftKey) return null;
  const targets: Record<string, number> = {
    ArrowLeft: currentSeconds - SMALL_SECONDS,
    ArrowDown: currentSeconds - SMALL_SECONDS,
    ArrowRight: currentSeconds + SMALL_SECONDS,
    ArrowUp: currentSeconds + SMALL_SECONDS,
    PageDown: currentSeconds - LARGE_SECONDS,
    PageUp: currentSeconds + LARGE_SECONDS,
    Home: 0,
    End: durationSeconds,
  };
  const target = targets[key];
  return target === undefined ? null : Math.min(Math.max(0, target), durationSeconds);
}
