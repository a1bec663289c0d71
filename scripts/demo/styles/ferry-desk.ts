import { reverb } from '../effects/reverb.ts';
import { chorus, pingPong } from '../effects/time.ts';
import { ducker, equaliser, saturation, sweptLowPass, width } from '../effects/tone.ts';
import { curve, type PlacedSection } from '../music/form.ts';
import type { Clock } from '../music/part.ts';
import { Mixer } from '../synth/mixer.ts';
import type { FerryLayer } from './ferry.ts';

type Placed = { section: PlacedSection<FerryLayer> };

/** Returns the mixing desk of the night drive: everything but the drums ducks under the kicks. */
export function buildFerryDesk(
  clock: Clock,
  placed: readonly Placed[],
  kicks: readonly number[],
  endSeconds: number,
) {
  const mixer = new Mixer();
  const hall = mixer.return('hall', {
    gainDb: 3,
    effects: [reverb({ decaySeconds: 3.4, size: 1.2, dampingHertz: 5200 })],
  });
  const echo = mixer.return('echo', {
    gainDb: -3,
    effects: [pingPong(clock.secondsPerBeat * 0.75, 0.46, 3000)],
    sends: [],
  });
  const arpOpening = curve(openings(clock, placed, endSeconds));
  const pad = mixer.channel('pad', {
    gainDb: 0.5,
    effects: [chorus(0.3), equaliser({ kind: 'high-pass', hertz: 170 }), ducker(kicks, 0.55, 0.36)],
    sends: [{ to: hall, gainDb: -8 }],
  });
  const arp = mixer.channel('arp', {
    gainDb: 6,
    effects: [
      sweptLowPass(arpOpening, 0.25),
      equaliser({ kind: 'high-pass', hertz: 220 }),
      width(1.2),
      ducker(kicks, 0.35, 0.26),
    ],
    sends: [
      { to: echo, gainDb: -5 },
      { to: hall, gainDb: -11 },
    ],
  });
  const bass = mixer.channel('bass', {
    gainDb: 0.5,
    effects: [saturation(1.6), equaliser({ kind: 'high-pass', hertz: 34 }), ducker(kicks, 0.6, 0.24)],
  });
  const leadChannel = mixer.channel('lead', {
    gainDb: 0.5,
    effects: [chorus(0.25), equaliser({ kind: 'high-pass', hertz: 240 })],
    sends: [
      { to: echo, gainDb: -7 },
      { to: hall, gainDb: -7 },
    ],
  });
  const drums = mixer.channel('drums', {
    gainDb: -4.5,
    effects: [saturation(1.3)],
    sends: [{ to: hall, gainDb: -21 }],
  });
  const air = mixer.channel('air', { gainDb: -9, sends: [{ to: hall, gainDb: -10 }] });
  return { mixer, pad, arp, bass, lead: leadChannel, drums, air };
}

/** The arpeggio's filter opens where the drums come in and closes again in quiet sections. */
function openings(clock: Clock, placed: readonly Placed[], endSeconds: number): [number, number][] {
  const points = placed.flatMap(({ section }): [number, number][] => {
    const end = clock.barSeconds(section.firstBar + section.bars);
    return [[end - 0.1, section.has('rise') ? 7500 : section.has('kick') ? 6000 : 2200]];
  });
  return [[0, 500], ...points, [endSeconds, 400]];
}
