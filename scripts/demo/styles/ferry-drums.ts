import { clap, hat, kick, snare, tom } from '../instruments/drums.ts';
import type { PlacedSection } from '../music/form.ts';
import type { Clock, Player } from '../music/part.ts';
import { toFrames } from '../synth/audio.ts';
import type { FerryLayer } from './ferry.ts';

export type FerryKit = ReturnType<typeof createFerryKit>;

/** Returns a fresh set of drums. */
export function createFerryKit() {
  return {
    kick: kick({ hertz: 48, sweepHertz: 190, decaySeconds: 0.42, click: 0.22 }),
    clap: clap(0.32),
    snare: snare({ hertz: 196, toneLevel: 0.45, noiseHertz: 2900, decaySeconds: 0.26 }),
    closed: hat({ decaySeconds: 0.06, hertz: 8200, metal: 0.35, pan: 0.18 }),
    open: hat({ decaySeconds: 0.34, hertz: 7600, metal: 0.45, pan: -0.12 }),
    crash: hat({ decaySeconds: 2.6, hertz: 5200, metal: 0.5, pan: 0.1 }),
    toms: [tom(168, -0.4), tom(126, 0), tom(92, 0.4), tom(92, 0.4)],
  } as const;
}

/** Plays four on the floor with off-beat hats and claps; notes each kick's frame for the sidechain. */
export function playFerryDrums(
  player: Player,
  kit: FerryKit,
  section: PlacedSection<FerryLayer>,
  clock: Clock,
  kickFrames: number[],
): void {
  for (let bar = 0; bar < section.bars; bar++) {
    const beat = (section.firstBar + bar) * 4;
    const turnaround = bar === section.bars - 1;
    if (section.has('kick')) {
      if (bar === 0) player.hit(kit.crash, beat, 0.5);
      for (let n = 0; n < 4; n++) {
        // The last kick before a new section is left out: the gap makes the downbeat land.
        if (turnaround && n === 3 && section.has('toms')) continue;
        player.hit(kit.kick, beat + n, 0.95);
        kickFrames.push(toFrames(clock.seconds(beat + n)));
      }
    }
    if (section.has('clap')) {
      for (const n of [1, 3]) {
        player.hit(kit.clap, beat + n, 0.6);
        player.hit(kit.snare, beat + n, 0.42);
      }
    }
    if (section.has('hats')) playHats(player, kit, beat, section.has('clap'));
    if (section.has('toms') && turnaround) {
      kit.toms.forEach((drum, i) => {
        player.hit(drum, beat + 3 + i * 0.25, 0.62);
      });
    }
  }
}

function playHats(player: Player, kit: FerryKit, beat: number, busy: boolean): void {
  for (let n = 0; n < 4; n++) {
    player.hit(kit.open, beat + n + 0.5, 0.46);
    if (!busy) continue;
    for (const [part, level] of [
      [0, 0.34],
      [0.25, 0.24],
      [0.75, 0.27],
    ] as const) {
      player.hit(kit.closed, beat + n + part, level);
    }
  }
}
