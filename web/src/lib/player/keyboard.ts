import type { PlayerState } from './player-state.svelte.ts';

export type PlayerCommand =
  | 'toggle'
  | 'back'
  | 'forward'
  | 'previous'
  | 'next'
  | 'louder'
  | 'quieter'
  | 'mute';

/** The keys of each command, as people read them, in the order in which they are listed. */
export const SHORTCUTS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['Space'], does: 'Play or pause' },
  { keys: ['←', '→'], does: 'Back or forward 5 seconds' },
  { keys: ['Shift ←', 'Shift →'], does: 'Previous or next track' },
  { keys: ['−', '='], does: 'Quieter or louder' },
  { keys: ['M'], does: 'Mute' },
];

/** The parts of a key press that decide. */
export type KeyPress = Pick<KeyboardEvent, 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** Returns what a key asks for, by its place on the keyboard so that it works on every layout. */
export function commandOf({ code, shiftKey, altKey, ctrlKey, metaKey }: KeyPress): PlayerCommand | null {
  if (altKey || ctrlKey || metaKey) return null;
  if (code === 'ArrowLeft') return shiftKey ? 'previous' : 'back';
  if (code === 'ArrowRight') return shiftKey ? 'next' : 'forward';
  if (shiftKey) return null;
  if (code === 'Space') return 'toggle';
  if (code === 'Minus' || code === 'NumpadSubtract') return 'quieter';
  if (code === 'Equal' || code === 'NumpadAdd') return 'louder';
  return code === 'KeyM' ? 'mute' : null;
}

const TYPING =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';
const OWN_ARROWS = 'input, [role="slider"], [role="menu"], [role="radiogroup"], [popover], dialog';
const OWN_SPACE = 'button, a, summary, input, [role="button"], dialog';

/** Tells whether the focused element needs this key for itself. */
export function isTaken(press: KeyPress, target: Pick<Element, 'closest'> | null): boolean {
  if (target === null) return false;
  if (target.closest(TYPING) !== null) return true;
  if (press.code === 'Space') return target.closest(OWN_SPACE) !== null;
  return press.code.startsWith('Arrow') && !press.shiftKey && target.closest(OWN_ARROWS) !== null;
}

const STEP_SECONDS = 5;
const STEP_VOLUME = 0.05;

/** Carries a command out. */
export function runCommand(player: PlayerState, command: PlayerCommand): void {
  const { volume } = player.preferences;
  const actions: Record<PlayerCommand, () => void> = {
    toggle: () => player.toggle(),
    back: () => player.seekBy(-STEP_SECONDS),
    forward: () => player.seekBy(STEP_SECONDS),
    previous: () => player.previous(),
    next: () => player.next(),
    louder: () => player.setVolume(volume + STEP_VOLUME),
    quieter: () => player.setVolume(volume - STEP_VOLUME),
    mute: () => player.toggleMute(),
  };
  actions[command]();
}
