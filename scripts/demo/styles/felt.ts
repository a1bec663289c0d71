import { reverb } from '../effects/reverb.ts';
import { equaliser } from '../effects/tone.ts';
import { feltPiano, glassBell } from '../instruments/modal.ts';
import { sawPad } from '../instruments/synths.ts';
import { water } from '../instruments/textures.ts';
import { type Composition, cycle, layOut, type PlacedSection, type Section } from '../music/form.ts';
import { composeMelody, type RhythmCell } from '../music/melody.ts';
import { Clock, Player } from '../music/part.ts';
import { atOrAbove, type Chord, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import { Mixer } from '../synth/mixer.ts';
import { createRandom, type Random } from '../synth/random.ts';

export type FeltPlan = {
  seed: string;
  beatsPerMinute: number;
  beatsPerBar: 3 | 4;
  key: string;
  /** One chord a bar; eight bars each. */
  theme: string;
  middle: string;
  softness: number;
  /** Steps of the left hand through the chord, in eighths; −1 is a rest. */
  leftHand: readonly number[];
};

type Layer = 'left' | 'right' | 'strings' | 'bells' | 'middle' | 'octave';

const FORM: readonly Section<Layer>[] = [
  { name: 'intro', bars: 4, layers: ['left'] },
  { name: 'theme', bars: 8, layers: ['left', 'right'] },
  { name: 'theme', bars: 8, layers: ['left', 'right', 'strings'] },
  { name: 'middle', bars: 8, layers: ['left', 'right', 'strings', 'bells', 'middle'] },
  { name: 'theme', bars: 8, layers: ['left', 'right', 'strings', 'octave'] },
  { name: 'coda', bars: 3, layers: ['left', 'bells'] },
];

const CELLS: Readonly<Record<3 | 4, readonly RhythmCell[]>> = {
  3: [
    [
      [0, 1],
      [1, 1],
      [2, 1],
    ],
    [
      [0, 2],
      [2, 1],
    ],
    [
      [0, 1.5],
      [1.5, 0.5],
      [2, 1],
    ],
    [
      [1, 1],
      [2, 0.5],
      [2.5, 0.5],
    ],
  ],
  4: [
    [
      [0, 1.5],
      [1.5, 0.5],
      [2, 2],
    ],
    [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ],
    [
      [0.5, 0.5],
      [1, 1],
      [2, 1.5],
      [3.5, 0.5],
    ],
    [
      [0, 2],
      [2, 1],
      [3, 1],
    ],
  ],
};

const CADENCES: Readonly<Record<3 | 4, readonly RhythmCell[]>> = {
  3: [[[0, 3]]],
  4: [
    [[0, 4]],
    [
      [0, 1],
      [1, 3],
    ],
  ],
};

/** Returns a quiet piece for felt piano, with soft strings that come in behind it. */
export function composeFelt(plan: FeltPlan): Composition {
  const random = createRandom(plan.seed);
  const clock = new Clock({
    beatsPerMinute: plan.beatsPerMinute,
    beatsPerBar: plan.beatsPerBar,
    startSeconds: 0.8,
  });
  const { sections, bars } = layOut(FORM);
  const lengthSeconds = clock.barSeconds(bars + 1) + 6;
  const desk = buildDesk();
  const piano = feltPiano(plan.softness);
  const left = new Player(desk.piano, clock, random.fork('left'), 14);
  const right = new Player(desk.piano, clock, random.fork('right'), 16);
  const strings = new Player(desk.strings, clock, random.fork('strings'), 30);
  const bells = new Player(desk.bells, clock, random.fork('bells'), 20);
  for (const section of sections) {
    const line = parseChords(section.has('middle') ? plan.middle : plan.theme);
    const chords = Array.from({ length: section.bars }, (_, bar) => cycle(line, bar));
    playLeftHand(left, section, chords, plan);
    if (section.has('right')) playRightHand(right, section, chords, plan);
    if (section.has('strings')) playStrings(strings, section, chords, plan.beatsPerBar);
    if (section.has('bells')) playBells(bells, section, chords, plan.beatsPerBar, random);
  }
  const home = cycle(parseChords(plan.theme), 0);
  const last = voiceLead([home], { low: 52, high: 76, notes: 4 })[0] ?? [];
  left.note(piano, bars * plan.beatsPerBar, 8, atOrAbove(33, home.root), 0.5);
  right.chord(piano, bars * plan.beatsPerBar + 0.1, 8, last, 0.38, 0.22);
  desk.room.schedule(0, () => water(random.fork('room'), lengthSeconds, 420, 0.15));
  return {
    mixer: desk.mixer,
    lengthSeconds,
    cutSeconds: [],
    fadeInSeconds: 0.3,
    fadeOutSeconds: 5,
    targetLufs: -16,
  };
}

function buildDesk() {
  const mixer = new Mixer();
  const hall = mixer.return('hall', {
    gainDb: 3,
    effects: [reverb({ decaySeconds: 4.2, size: 1.35, dampingHertz: 3600, preDelaySeconds: 0.028 })],
  });
  const piano = mixer.channel('piano', {
    effects: [
      equaliser(
        { kind: 'high-pass', hertz: 30 },
        { kind: 'bell', hertz: 260, gainDb: -2, q: 0.8 },
        { kind: 'high-shelf', hertz: 2600, gainDb: 5 },
      ),
    ],
    sends: [{ to: hall, gainDb: -9 }],
  });
  const strings = mixer.channel('strings', {
    gainDb: -1,
    effects: [equaliser({ kind: 'high-pass', hertz: 150 }, { kind: 'high-shelf', hertz: 3000, gainDb: -4 })],
    sends: [{ to: hall, gainDb: -3 }],
  });
  const bells = mixer.channel('bells', { gainDb: -6, sends: [{ to: hall, gainDb: 0 }] });
  const room = mixer.channel('air', { gainDb: -33 });
  return { mixer, piano, strings, bells, room };
}

/** How loud a bar is within its phrase: it breathes in and out over four bars. */
function swell(bar: number): number {
  return 0.9 + 0.1 * Math.sin((Math.PI * ((bar % 4) + 0.5)) / 4);
}

function playLeftHand(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: FeltPlan,
): void {
  const piano = feltPiano(plan.softness);
  const base = section.has('strings') ? 0.5 : 0.44;
  chords.forEach((chord, bar) => {
    const beat = (section.firstBar + bar) * plan.beatsPerBar;
    const low = atOrAbove(36, chord.bass);
    const ladder = [
      low,
      ...[...new Set(chord.tones)].map((tone) => atOrAbove(low + 5, tone)).sort((a, b) => a - b),
    ];
    for (let step = 0; step < plan.beatsPerBar * 2; step++) {
      const rung = cycle(plan.leftHand, step);
      if (rung < 0) continue;
      const velocity = base * swell(bar) * (step === 0 ? 1.08 : step % 2 === 0 ? 0.86 : 0.76);
      // Each note rings to the end of the bar, as with the pedal down.
      player.note(piano, beat + step / 2, plan.beatsPerBar - step / 2 + 0.2, cycle(ladder, rung), velocity);
    }
  });
}

function playRightHand(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: FeltPlan,
): void {
  const piano = feltPiano(plan.softness * 0.8);
  const melody = composeMelody({
    chords,
    key: parseKey(plan.key),
    bars: section.bars,
    beatsPerBar: plan.beatsPerBar,
    low: 67,
    high: 84,
    cells: CELLS[plan.beatsPerBar],
    cadences: CADENCES[plan.beatsPerBar],
    random: createRandom(`${plan.seed}/${section.name}`),
  });
  for (const note of melody) {
    const beat = section.firstBar * plan.beatsPerBar + note.beat;
    const velocity = 0.72 * note.accent * swell(Math.floor(note.beat / plan.beatsPerBar));
    player.note(piano, beat, note.beats + 0.4, note.midi, velocity);
    if (section.has('octave') && note.accent === 1)
      player.note(piano, beat + 0.02, note.beats, note.midi - 12, velocity * 0.6);
  }
}

function playStrings(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  beatsPerBar: number,
): void {
  const ensemble = sawPad({
    shape: { attack: 1.4, decay: 2, sustain: 0.9, release: 2.6 },
    cutoffHertz: 850,
    brightenHertz: 500,
    detuneCents: 8,
  });
  voiceLead(chords, { low: 50, high: 71, notes: 3 }).forEach((notes, bar) => {
    player.chord(ensemble, (section.firstBar + bar) * beatsPerBar, beatsPerBar, notes, 0.7);
  });
}

function playBells(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  beatsPerBar: number,
  random: Random,
): void {
  const bell = glassBell(6);
  const chance = random.fork(`bells ${section.firstBar}`);
  chords.forEach((chord, bar) => {
    const beat = (section.firstBar + bar) * beatsPerBar + chance.pick([0.5, 1, 1.5]);
    player.note(bell, beat, 6, atOrAbove(79, chance.pick(chord.tones)), chance.range(0.35, 0.6));
  });
}
