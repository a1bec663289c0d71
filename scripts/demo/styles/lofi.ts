import { reverb } from '../effects/reverb.ts';
import { chorus, tapeWobble } from '../effects/time.ts';
import { autoPan, ducker, equaliser, saturation, sweptLowPass } from '../effects/tone.ts';
import { hat, kick, rim, snare } from '../instruments/drums.ts';
import { electricPiano, flute } from '../instruments/keys.ts';
import { feltPiano, vibraphone } from '../instruments/modal.ts';
import { roundBass } from '../instruments/synths.ts';
import { vinyl, water } from '../instruments/textures.ts';
import type { Instrument } from '../instruments/voices.ts';
import { type Composition, curve, cycle, layOut, type PlacedSection, type Section } from '../music/form.ts';
import { composeMelody, type RhythmCell } from '../music/melody.ts';
import { Clock, Player, steps } from '../music/part.ts';
import { atOrAbove, type Chord, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import { toFrames } from '../synth/audio.ts';
import { type Channel, Mixer } from '../synth/mixer.ts';
import { createRandom } from '../synth/random.ts';

export type LofiPlan = {
  seed: string;
  beatsPerMinute: number;
  key: string;
  /** Four chords, one a bar. */
  verse: string;
  /** Four chords, one a bar. */
  chorus: string;
  lead: 'vibraphone' | 'flute' | 'piano';
  groove: 0 | 1 | 2;
  rain?: boolean;
};

type Layer = 'keys' | 'bass' | 'drums' | 'hats' | 'lead' | 'chorus';

const FORM: readonly Section<Layer>[] = [
  { name: 'intro', bars: 4, layers: ['keys'] },
  { name: 'verse', bars: 8, layers: ['keys', 'bass', 'drums'] },
  { name: 'verse', bars: 8, layers: ['keys', 'bass', 'drums', 'hats', 'lead'] },
  { name: 'chorus', bars: 8, layers: ['keys', 'bass', 'drums', 'hats', 'chorus'] },
  { name: 'break', bars: 4, layers: ['keys', 'lead'] },
  { name: 'chorus', bars: 8, layers: ['keys', 'bass', 'drums', 'hats', 'lead', 'chorus'] },
  { name: 'outro', bars: 4, layers: ['keys', 'bass'] },
];

const GROOVES = [
  { kick: 'x......o ..x.....', snare: '....x... ....x...', fill: '....x... ....x.oo' },
  { kick: 'x..o.... .ox.....', snare: '....x... ....x..-', fill: '....x..- ..-.x.o.' },
  { kick: 'x.....x. ...o....', snare: '....x..- -...x...', fill: '....x... -.o.x-o-' },
] as const;

const CELLS: readonly RhythmCell[] = [
  [
    [0, 1],
    [1, 0.5],
    [1.5, 1.5],
    [3.5, 0.5],
  ],
  [
    [0.5, 0.5],
    [1, 1],
    [2, 0.5],
    [2.5, 1.5],
  ],
  [
    [0, 1.5],
    [1.5, 0.5],
    [2, 1.5],
  ],
  [
    [1, 0.5],
    [1.5, 0.5],
    [2, 1],
    [3, 1],
  ],
];

const CADENCES: readonly RhythmCell[] = [
  [
    [0, 0.5],
    [0.5, 0.5],
    [1, 2.5],
  ],
  [
    [0.5, 0.5],
    [1, 2.5],
  ],
  [[0, 3]],
];

/** Returns a lo-fi piece: tine piano, round bass, dusty drums and a melody over record crackle. */
export function composeLofi(plan: LofiPlan): Composition {
  const random = createRandom(plan.seed);
  const clock = new Clock({
    beatsPerMinute: plan.beatsPerMinute,
    swing: 0.3,
    swingUnit: 0.25,
    startSeconds: 0.6,
  });
  const { sections, bars } = layOut(FORM);
  const endSeconds = clock.barSeconds(bars) + 5;
  const kicks: number[] = [];
  const desk = buildDesk(clock, bars, kicks);
  const verse = parseChords(plan.verse);
  const refrain = parseChords(plan.chorus);
  const players = {
    keys: new Player(desk.keys, clock, random.fork('keys'), 9),
    bass: new Player(desk.bass, clock, random.fork('bass'), 6),
    drums: new Player(desk.drums, clock, random.fork('drums'), 5),
    lead: new Player(desk.lead, clock, random.fork('lead'), 12),
  };
  for (const section of sections) {
    const chords = section.has('chorus') ? refrain : verse;
    playKeys(players.keys, section, chords, plan);
    if (section.has('bass')) playBass(players.bass, section, chords, plan.seed);
    if (section.has('drums')) playDrums(players.drums, section, plan.groove, kicks, clock);
    if (section.has('lead')) playLead(players.lead, section, chords, plan);
  }
  const last = voiceLead([cycle(verse, 0)], { low: 50, high: 74, notes: 5 })[0] ?? [];
  players.keys.chord(electricPiano(), bars * 4, 6, last, 0.5, 0.06);
  players.bass.note(bass(), bars * 4, 4, atOrAbove(33, cycle(verse, 0).root), 0.6);
  desk.texture.schedule(0, () => vinyl(random.fork('vinyl'), endSeconds));
  if (plan.rain === true) desk.rain.schedule(0, () => water(random.fork('rain'), endSeconds, 3800, 0.3));
  return {
    mixer: desk.mixer,
    lengthSeconds: endSeconds,
    cutSeconds: [],
    fadeInSeconds: 0.05,
    fadeOutSeconds: 3,
    targetLufs: -15.5,
  };
}

function buildDesk(clock: Clock, bars: number, kicks: readonly number[]) {
  const mixer = new Mixer();
  const room = mixer.return('room', {
    gainDb: 0,
    effects: [reverb({ decaySeconds: 1.7, size: 0.8, dampingHertz: 3200 })],
  });
  const opening = curve([
    [0, 700],
    [clock.barSeconds(3), 1100],
    [clock.barSeconds(4), 4200],
    [clock.barSeconds(bars - 4), 4200],
    [clock.barSeconds(bars), 1300],
  ]);
  const duck = () => ducker(kicks, 0.22, 0.28);
  const keys = mixer.channel('keys', {
    gainDb: 0,
    effects: [
      chorus(0.35),
      autoPan(0.9, 0.14),
      saturation(1.6),
      tapeWobble(1.6),
      sweptLowPass(opening),
      duck(),
    ],
    sends: [{ to: room, gainDb: -8 }],
  });
  const bassChannel = mixer.channel('bass', {
    gainDb: -2,
    effects: [saturation(1.8), equaliser({ kind: 'high-pass', hertz: 32 }), duck()],
  });
  const drums = mixer.channel('drums', {
    gainDb: -0.5,
    effects: [saturation(1.7), equaliser({ kind: 'high-shelf', hertz: 6500, gainDb: -5 })],
    sends: [{ to: room, gainDb: -17 }],
  });
  const lead = mixer.channel('lead', {
    gainDb: -6.5,
    effects: [tapeWobble(1.1), equaliser({ kind: 'high-shelf', hertz: 4500, gainDb: -4 })],
    sends: [{ to: room, gainDb: -4 }],
  });
  const texture = mixer.channel('texture', { gainDb: -2 });
  const rain = mixer.channel('rain', { gainDb: -22 });
  return { mixer, keys, bass: bassChannel, drums, lead, texture, rain } satisfies Record<
    string,
    Mixer | Channel
  >;
}

function playKeys(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: LofiPlan,
): void {
  const line = Array.from({ length: section.bars }, (_, bar) => cycle(chords, bar));
  const voicings = voiceLead(line, { low: 50, high: 73, notes: 4, rootless: true });
  const random = createRandom(`${plan.seed}/comping/${section.firstBar}`);
  voicings.forEach((notes, bar) => {
    const beat = (section.firstBar + bar) * 4;
    const soft = section.has('drums') ? 0.5 : 0.42;
    if (section.name === 'intro' || section.name === 'break') {
      player.chord(electricPiano(0.7), beat, 3.8, notes, soft, 0.05);
      return;
    }
    player.chord(electricPiano(), beat, random.pick([1.4, 2.2]), notes, soft, 0.02);
    const second = random.pick([2.5, 2.75, 1.75]);
    player.chord(electricPiano(), beat + second, 3.9 - second, notes, soft * 0.8, 0.02);
    if (random.chance(0.3)) {
      player.note(electricPiano(), beat + 3.5, 0.45, Math.max(...notes) + 2, soft * 0.6);
    }
  });
}

function bass(): Instrument {
  return roundBass({ attack: 0.008, decay: 1.6, sustain: 0.4, release: 0.09 }, 0.28);
}

function playBass(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  seed: string,
): void {
  const random = createRandom(`${seed}/bass/${section.firstBar}`);
  for (let bar = 0; bar < section.bars; bar++) {
    const beat = (section.firstBar + bar) * 4;
    const root = atOrAbove(31, cycle(chords, bar).bass);
    const following = atOrAbove(31, cycle(chords, bar + 1).bass);
    player.note(bass(), beat, 1.6, root, 0.85);
    const middle = random.pick([root + 7, root + 12, root]);
    player.note(bass(), beat + 2.5, 0.9, middle > 50 ? middle - 12 : middle, 0.7);
    if (random.chance(0.55)) {
      player.note(bass(), beat + 3.5, 0.45, following + (following > root ? -1 : 1), 0.55);
    }
  }
}

function playDrums(
  player: Player,
  section: PlacedSection<Layer>,
  grooveNumber: number,
  kicks: number[],
  clock: Clock,
): void {
  const groove = cycle(GROOVES, grooveNumber);
  const bassDrum = kick({ hertz: 51, sweepHertz: 120, decaySeconds: 0.34, click: 0.1 });
  const backbeat = snare({ hertz: 178, toneLevel: 0.4, noiseHertz: 2300, decaySeconds: 0.24 });
  const stick = rim();
  const closed = hat({ decaySeconds: 0.075, hertz: 7000, metal: 0.25, pan: 0.22 });
  for (let bar = 0; bar < section.bars; bar++) {
    const beat = (section.firstBar + bar) * 4;
    const lastBar = bar === section.bars - 1;
    for (const { step, strength } of steps(groove.kick)) {
      player.hit(bassDrum, beat + step / 4, 0.85 * strength);
      kicks.push(toFrames(clock.seconds(beat + step / 4)));
    }
    for (const { step, strength } of steps(lastBar ? groove.fill : groove.snare)) {
      player.hit(section.has('hats') ? backbeat : stick, beat + step / 4, 0.72 * strength);
    }
    if (section.has('hats')) {
      for (const { step, strength } of steps(bar % 2 === 0 ? 'x.o.x.o. x.o.x-o.' : 'x.o.x.o- x.o.x.o.')) {
        player.hit(closed, beat + step / 4, 0.4 * strength);
      }
    }
  }
}

function playLead(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: LofiPlan,
): void {
  const instrument = { vibraphone: vibraphone(3.2), flute: flute(), piano: feltPiano(0.5) }[plan.lead];
  const velocity = { vibraphone: 0.72, flute: 0.6, piano: 0.8 }[plan.lead];
  const melody = composeMelody({
    chords: Array.from({ length: section.bars }, (_, bar) => cycle(chords, bar)),
    key: parseKey(plan.key),
    bars: section.bars,
    beatsPerBar: 4,
    low: 67,
    high: 84,
    cells: CELLS,
    cadences: CADENCES,
    random: createRandom(`${plan.seed}/melody/${section.has('chorus') ? 'chorus' : 'verse'}`),
  });
  for (const note of melody) {
    player.note(
      instrument,
      section.firstBar * 4 + note.beat,
      note.beats * 0.95,
      note.midi,
      velocity * note.accent,
    );
  }
}
