import { pingPong } from '../effects/time.ts';
import { equaliser } from '../effects/tone.ts';
import { chipArpeggio, chipNoise, chipPulse, chipTriangle } from '../instruments/chip.ts';
import { kick } from '../instruments/drums.ts';
import { type Composition, cycle, layOut, type PlacedSection, type Section } from '../music/form.ts';
import { composeMelody, type RhythmCell } from '../music/melody.ts';
import { Clock, Player, steps } from '../music/part.ts';
import { atOrAbove, type Chord, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import { Mixer } from '../synth/mixer.ts';
import { createRandom } from '../synth/random.ts';

export type ChipPlan = {
  seed: string;
  beatsPerMinute: number;
  key: string;
  /** Chords, one a bar; four or eight bars. */
  theme: string;
  bridge: string;
  drums: 'march' | 'drive' | 'half';
};

type Layer = 'lead' | 'chords' | 'bass' | 'drums' | 'harmony' | 'bridge';

const FORM: readonly Section<Layer>[] = [
  { name: 'intro', bars: 4, layers: ['chords'] },
  { name: 'theme', bars: 8, layers: ['lead', 'chords', 'bass', 'drums'] },
  { name: 'theme', bars: 8, layers: ['lead', 'chords', 'bass', 'drums', 'harmony'] },
  { name: 'bridge', bars: 8, layers: ['lead', 'chords', 'bass', 'drums', 'bridge'] },
  { name: 'lull', bars: 4, layers: ['chords', 'bass'] },
  { name: 'theme', bars: 8, layers: ['lead', 'chords', 'bass', 'drums', 'harmony'] },
  { name: 'outro', bars: 4, layers: ['chords', 'bass', 'drums'] },
];

const DRUMS = {
  march: { kick: 'x...x... x...x...', snare: '....x..o ....x.oo', hat: 'x.x.x.x. x.x.x.x.' },
  drive: { kick: 'x.....x. x.x.....', snare: '....x... ....x...', hat: 'xoxoxoxo xoxoxoxo' },
  half: { kick: 'x......x ..x.....', snare: '........ x.......', hat: 'x.o.x.o. x.o.x.oo' },
} as const;

const CELLS: readonly RhythmCell[] = [
  [
    [0, 0.5],
    [0.5, 0.5],
    [1, 1],
    [2, 0.5],
    [2.5, 0.5],
    [3, 1],
  ],
  [
    [0, 0.75],
    [0.75, 0.75],
    [1.5, 0.5],
    [2, 1],
    [3, 0.5],
    [3.5, 0.5],
  ],
  [
    [0, 1],
    [1, 0.5],
    [1.5, 1],
    [2.5, 0.5],
    [3, 1],
  ],
  [
    [0.5, 0.5],
    [1, 0.5],
    [1.5, 0.5],
    [2, 1.5],
    [3.5, 0.5],
  ],
];

const CADENCES: readonly RhythmCell[] = [
  [
    [0, 0.5],
    [0.5, 0.5],
    [1, 2.5],
  ],
  [
    [0, 1],
    [1, 2.5],
  ],
];

/** Returns a tune for an imaginary game console: two pulses, a stepped triangle and a noise register. */
export function composeChip(plan: ChipPlan): Composition {
  const random = createRandom(plan.seed);
  const clock = new Clock({ beatsPerMinute: plan.beatsPerMinute, startSeconds: 0.3 });
  const { sections, bars } = layOut(FORM);
  const desk = buildDesk(clock);
  const lead = new Player(desk.lead, clock, random.fork('lead'));
  const harmony = new Player(desk.harmony, clock, random.fork('harmony'));
  const chordPlayer = new Player(desk.chords, clock, random.fork('chords'));
  const bass = new Player(desk.bass, clock, random.fork('bass'));
  const drums = new Player(desk.drums, clock, random.fork('drums'));
  for (const section of sections) {
    const line = parseChords(section.has('bridge') ? plan.bridge : plan.theme);
    const chords = Array.from({ length: section.bars }, (_, bar) => cycle(line, bar));
    playChords(chordPlayer, section, chords, clock);
    if (section.has('bass')) playBass(bass, section, chords);
    if (section.has('drums')) playDrums(drums, section, plan.drums);
    if (section.has('lead')) playLead(lead, harmony, section, chords, plan);
  }
  const home = cycle(parseChords(plan.theme), 0);
  const root = atOrAbove(60, home.root);
  [0, 7, 12, 16].forEach((interval, i) => {
    const third = interval === 16 && !home.tones.includes((home.root + 4) % 12) ? 15 : interval;
    lead.note(chipPulse(0.5, LEAD_SHAPE), bars * 4 + i * 0.25, i === 3 ? 2 : 0.22, root + third, 0.8);
  });
  bass.note(chipTriangle(), bars * 4, 2, root - 24, 0.8);
  return {
    mixer: desk.mixer,
    lengthSeconds: clock.barSeconds(bars) + 3,
    cutSeconds: [],
    fadeInSeconds: 0.01,
    fadeOutSeconds: 0.8,
    targetLufs: -15.5,
  };
}

const LEAD_SHAPE = { attack: 0.004, decay: 0.5, sustain: 0.6, release: 0.06 };

function buildDesk(clock: Clock) {
  const mixer = new Mixer();
  const soften = () => equaliser({ kind: 'high-shelf', hertz: 5000, gainDb: -5 });
  const echo = mixer.return('echo', {
    gainDb: -4,
    effects: [pingPong(clock.secondsPerBeat * 0.75, 0.35, 4200)],
  });
  const lead = mixer.channel('lead', { gainDb: 0, effects: [soften()], sends: [{ to: echo, gainDb: -7 }] });
  const harmony = mixer.channel('harmony', {
    gainDb: -1.5,
    pan: 0.35,
    effects: [soften()],
    sends: [{ to: echo, gainDb: -9 }],
  });
  const chords = mixer.channel('chords', {
    gainDb: -1.5,
    pan: -0.45,
    effects: [soften()],
    sends: [{ to: echo, gainDb: -8 }],
  });
  const bass = mixer.channel('bass', { gainDb: -5 });
  const drums = mixer.channel('drums', { gainDb: 1, effects: [soften()] });
  return { mixer, lead, harmony, chords, bass, drums };
}

function playChords(
  player: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  clock: Clock,
): void {
  voiceLead(chords, { low: 60, high: 79, notes: 3 }).forEach((notes, bar) => {
    const beat = (section.firstBar + bar) * 4;
    const rhythm = section.has('drums')
      ? [
          [0, 1.5],
          [1.5, 1.5],
          [3, 1],
        ]
      : [
          [0, 2],
          [2, 2],
        ];
    for (const [onset = 0, beats = 1] of rhythm) {
      player.start(beat + onset, () => chipArpeggio(notes, 0.8, beats * clock.secondsPerBeat * 0.9));
    }
  });
}

function playBass(player: Player, section: PlacedSection<Layer>, chords: readonly Chord[]): void {
  const triangle = chipTriangle();
  chords.forEach((chord, bar) => {
    const root = atOrAbove(36, chord.bass);
    const line = section.has('drums') ? [0, 0, 12, 0, 7, 0, 12, 7] : [0, -1, -1, -1, 7, -1, -1, -1];
    line.forEach((interval, eighth) => {
      if (interval < 0) return;
      const beats = section.has('drums') ? 0.42 : 1.8;
      player.note(triangle, (section.firstBar + bar) * 4 + eighth / 2, beats, root + interval, 0.8);
    });
  });
}

function playDrums(player: Player, section: PlacedSection<Layer>, style: ChipPlan['drums']): void {
  const pattern = DRUMS[style];
  const bassDrum = kick({ hertz: 60, sweepHertz: 260, decaySeconds: 0.16, click: 0.05 });
  const snare = chipNoise(9000, 4, 0.16);
  const tick = chipNoise(22_000, 0, 0.045);
  for (let bar = 0; bar < section.bars; bar++) {
    const beat = (section.firstBar + bar) * 4;
    const hits = bar === section.bars - 1 ? 'x...x... x.xoxxxx' : pattern.snare;
    for (const { step, strength } of steps(pattern.kick))
      player.hit(bassDrum, beat + step / 4, 0.7 * strength);
    for (const { step, strength } of steps(hits)) player.hit(snare, beat + step / 4, 0.6 * strength);
    for (const { step, strength } of steps(pattern.hat)) player.hit(tick, beat + step / 4, 0.28 * strength);
  }
}

function playLead(
  lead: Player,
  harmony: Player,
  section: PlacedSection<Layer>,
  chords: readonly Chord[],
  plan: ChipPlan,
): void {
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
    const beat = section.firstBar * 4 + note.beat;
    lead.note(
      chipPulse(section.has('bridge') ? 0.25 : 0.5, LEAD_SHAPE),
      beat,
      note.beats * 0.86,
      note.midi,
      0.8 * note.accent,
    );
    if (section.has('harmony')) {
      const chord = cycle(chords, Math.floor(note.beat / 4));
      const below = Math.max(
        ...chord.tones.map((tone) => atOrAbove(note.midi - 14, tone)).filter((midi) => midi < note.midi - 2),
      );
      harmony.note(chipPulse(0.125, LEAD_SHAPE), beat, note.beats * 0.86, below, 0.7 * note.accent);
    }
  }
}
