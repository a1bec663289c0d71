import { reverb } from '../effects/reverb.ts';
import { equaliser, fader, saturation } from '../effects/tone.ts';
import { brush, kick, rim, shaker } from '../instruments/drums.ts';
import { flute } from '../instruments/keys.ts';
import { vibraphone } from '../instruments/modal.ts';
import { doubleBass, nylonGuitar } from '../instruments/plucked.ts';
import { type Composition, cycle, layOut, type PlacedSection, type Section } from '../music/form.ts';
import { composeMelody, type RhythmCell } from '../music/melody.ts';
import { Clock, Player, steps } from '../music/part.ts';
import { atOrAbove, type Chord, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import { Mixer } from '../synth/mixer.ts';
import { sine } from '../synth/oscillator.ts';
import { createRandom, type Random } from '../synth/random.ts';

export type BossaPlan = {
  seed: string;
  beatsPerMinute: number;
  key: string;
  /** Eight chords, one a bar. */
  first: string;
  second: string;
  lead: 'flute' | 'vibraphone';
};

type Layer = 'guitar' | 'bass' | 'percussion' | 'rim' | 'lead' | 'second' | 'answer';

const FORM: readonly Section<Layer>[] = [
  { name: 'intro', bars: 4, layers: ['guitar', 'percussion'] },
  { name: 'first', bars: 8, layers: ['guitar', 'bass', 'percussion', 'rim', 'lead'] },
  { name: 'first', bars: 8, layers: ['guitar', 'bass', 'percussion', 'rim', 'lead', 'answer'] },
  { name: 'second', bars: 8, layers: ['guitar', 'bass', 'percussion', 'rim', 'lead', 'second'] },
  { name: 'solo', bars: 8, layers: ['guitar', 'bass', 'percussion', 'answer'] },
  { name: 'first', bars: 8, layers: ['guitar', 'bass', 'percussion', 'rim', 'lead', 'answer'] },
  { name: 'outro', bars: 4, layers: ['guitar', 'bass', 'percussion'] },
];

/** Two-bar patterns in eighths: the guitar's chords and the cross-stick's clave. */
const COMPING = 'x..x..x. .x..x.x.';
const CLAVE = 'x..x..x. ..x..x..';

const CELLS: readonly RhythmCell[] = [
  [
    [0, 1.5],
    [1.5, 1],
    [2.5, 1.5],
  ],
  [
    [0.5, 1],
    [1.5, 0.5],
    [2, 1.5],
    [3.5, 0.5],
  ],
  [
    [0, 0.5],
    [0.5, 1],
    [1.5, 1.5],
    [3, 1],
  ],
  [
    [1, 0.5],
    [1.5, 1],
    [2.5, 1],
    [3.5, 0.5],
  ],
];

const CADENCES: readonly RhythmCell[] = [
  [
    [0, 1.5],
    [1.5, 2],
  ],
  [[0.5, 3]],
  [[0, 3]],
];

/** Returns a small bossa: nylon guitar, double bass, hand percussion and a melody on flute or vibraphone. */
export function composeBossa(plan: BossaPlan): Composition {
  const random = createRandom(plan.seed);
  const clock = new Clock({ beatsPerMinute: plan.beatsPerMinute, startSeconds: 0.4 });
  const { sections, bars } = layOut(FORM);
  const desk = buildDesk();
  const players = {
    guitar: new Player(desk.guitar, clock, random.fork('guitar'), 8),
    bass: new Player(desk.bass, clock, random.fork('bass'), 7),
    percussion: new Player(desk.percussion, clock, random.fork('percussion'), 5),
    lead: new Player(desk.lead, clock, random.fork('lead'), 14),
    answer: new Player(desk.vibes, clock, random.fork('answer'), 10),
  };
  for (const section of sections) {
    const line = parseChords(section.has('second') ? plan.second : plan.first);
    const chords = Array.from({ length: section.bars }, (_, bar) => cycle(line, bar));
    playGuitar(players.guitar, section, chords);
    if (section.has('bass')) playBass(players.bass, section, chords);
    playPercussion(players.percussion, section);
    if (section.has('lead')) playLead(players.lead, section, chords, plan);
    if (section.has('answer'))
      playAnswer(players.answer, section, chords, random.fork(`answer ${section.firstBar}`));
  }
  const home = cycle(parseChords(plan.first), 0);
  const last = voiceLead([home], { low: 50, high: 69, notes: 4 })[0] ?? [];
  players.guitar.chord(nylonGuitar(), bars * 4, 8, last, 0.6, 0.09);
  players.bass.note(doubleBass(), bars * 4, 4, atOrAbove(33, home.root), 0.7);
  players.answer.note(vibraphone(5), bars * 4 + 0.75, 6, atOrAbove(76, home.tones[1] ?? home.root), 0.5);
  return {
    mixer: desk.mixer,
    lengthSeconds: clock.barSeconds(bars) + 4.5,
    cutSeconds: [],
    fadeInSeconds: 0.02,
    fadeOutSeconds: 2.5,
    targetLufs: -15.5,
  };
}

function buildDesk() {
  const mixer = new Mixer();
  const room = mixer.return('room', {
    gainDb: 1,
    effects: [reverb({ decaySeconds: 1.5, size: 0.75, dampingHertz: 4800 })],
  });
  const guitar = mixer.channel('guitar', {
    pan: -0.22,
    effects: [
      equaliser(
        { kind: 'high-pass', hertz: 75 },
        { kind: 'bell', hertz: 105, gainDb: 3, q: 1.6 },
        { kind: 'bell', hertz: 215, gainDb: 2.5, q: 1.4 },
        { kind: 'high-shelf', hertz: 5500, gainDb: -3 },
      ),
    ],
    sends: [{ to: room, gainDb: -10 }],
  });
  const bass = mixer.channel('bass', {
    effects: [
      equaliser({ kind: 'high-pass', hertz: 36 }, { kind: 'bell', hertz: 700, gainDb: 3, q: 0.8 }),
      saturation(1.2),
    ],
    sends: [{ to: room, gainDb: -22 }],
  });
  const percussion = mixer.channel('percussion', { gainDb: -2, sends: [{ to: room, gainDb: -11 }] });
  const lead = mixer.channel('lead', { gainDb: -4, pan: 0.12, sends: [{ to: room, gainDb: -6 }] });
  const vibes = mixer.channel('vibes', {
    gainDb: -5,
    pan: 0.32,
    effects: [fader((seconds) => 0.88 + 0.12 * sine(seconds * 4.6))],
    sends: [{ to: room, gainDb: -6 }],
  });
  return { mixer, guitar, bass, percussion, lead, vibes };
}

function playGuitar(player: Player, section: PlacedSection<Layer>, chords: readonly Chord[]): void {
  const hits = steps(COMPING);
  voiceLead(chords, { low: 52, high: 70, notes: 4, rootless: true }).forEach((notes, bar) => {
    const inPair = hits.filter(({ step }) => Math.floor(step / 8) === bar % 2);
    inPair.forEach(({ step }, i) => {
      const next = inPair[i + 1]?.step ?? step + 2;
      const beats = Math.min(1.4, (next - step) / 2 - 0.08);
      const beat = (section.firstBar + bar) * 4 + (step % 8) / 2;
      player.chord(nylonGuitar(), beat, beats, notes, step % 8 === 0 ? 0.62 : 0.52, 0.012);
    });
  });
}

function playBass(player: Player, section: PlacedSection<Layer>, chords: readonly Chord[]): void {
  chords.forEach((chord, bar) => {
    const beat = (section.firstBar + bar) * 4;
    const root = atOrAbove(31, chord.bass);
    const fifth = chord.tones.includes((chord.root + 6) % 12)
      ? root + 6
      : root + 7 > 45
        ? root - 5
        : root + 7;
    player.note(doubleBass(), beat, 1.45, root, 0.85);
    player.note(doubleBass(), beat + 1.5, 0.45, root, 0.55);
    player.note(doubleBass(), beat + 2, 1.45, fifth, 0.8);
    player.note(doubleBass(), beat + 3.5, 0.45, fifth, 0.52);
  });
}

function playPercussion(player: Player, section: PlacedSection<Layer>): void {
  const drum = kick({ hertz: 58, sweepHertz: 60, decaySeconds: 0.28, click: 0.03 });
  const stick = rim();
  const shakers = [shaker(0.1), shaker(0.07)] as const;
  const sweeps = [brush(0.5, -0.3), brush(0.45, 0.3)] as const;
  for (let bar = 0; bar < section.bars; bar++) {
    const beat = (section.firstBar + bar) * 4;
    for (let eighth = 0; eighth < 8; eighth++) {
      const accent = eighth % 4 === 0 ? 0.62 : eighth % 2 === 0 ? 0.48 : 0.36;
      player.hit(shakers[eighth % 2 === 0 ? 0 : 1], beat + eighth / 2, accent);
    }
    if (section.has('rim')) {
      for (const { step } of steps(CLAVE).filter((hit) => Math.floor(hit.step / 8) === bar % 2)) {
        player.hit(stick, beat + (step % 8) / 2, 0.42);
      }
    } else {
      player.hit(sweeps[0], beat + 1, 0.5);
      player.hit(sweeps[1], beat + 3, 0.55);
    }
    if (section.has('bass')) {
      for (const [part, level] of [
        [0, 0.55],
        [1.5, 0.32],
        [2, 0.5],
        [3.5, 0.3],
      ] as const) {
        player.hit(drum, beat + part, level);
      }
    }
  }
}

function playLead(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: BossaPlan,
): void {
  const instrument = plan.lead === 'flute' ? flute() : vibraphone(3);
  const melody = composeMelody({
    chords,
    key: parseKey(plan.key),
    bars: section.bars,
    beatsPerBar: 4,
    low: 69,
    high: 86,
    cells: CELLS,
    cadences: CADENCES,
    random: createRandom(`${plan.seed}/${section.name}`),
  });
  for (const note of melody) {
    player.note(
      instrument,
      section.firstBar * 4 + note.beat,
      note.beats * 0.94,
      note.midi,
      0.78 * note.accent,
    );
  }
}

/** Short falling figures between the melody's phrases. */
function playAnswer(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  random: Random,
): void {
  chords.forEach((chord, bar) => {
    if (bar % 2 === 0 && section.name !== 'solo') return;
    const top = atOrAbove(random.integer(76, 81), random.pick(chord.tones));
    const figure = random.pick([
      [0.5, 1, 1.5, 2.5],
      [1, 1.5, 2.5],
      [0.5, 1.5, 2, 3],
    ]);
    let midi = top;
    for (const onset of figure) {
      player.note(vibraphone(3), (section.firstBar + bar) * 4 + onset, 1.2, midi, random.range(0.45, 0.65));
      midi = atOrAbove(midi - random.pick([5, 4, 7]), random.pick(chord.tones));
      if (midi > top + 4) midi -= 12;
    }
  });
}
