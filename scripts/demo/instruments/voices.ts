import { add, panGains, type Stereo } from '../synth/audio.ts';
import type { Voice } from '../synth/mixer.ts';

/** How a part asks for a note: MIDI number, velocity 0…1, time until it is let go in seconds. */
export type Instrument = (midi: number, velocity: number, seconds: number) => Voice;

/** Returns a voice from a function that gives the next mono sample, placed in the stereo field. */
export function monoVoice(next: () => number, done: () => boolean, pan = 0): Voice {
  const gains = panGains(pan);
  return {
    render(block: Stereo, start: number, end: number): boolean {
      for (let i = start; i < end; i++) {
        const value = next();
        add(block.left, i, value * gains.left);
        add(block.right, i, value * gains.right);
      }
      return !done();
    },
  };
}
