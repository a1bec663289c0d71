import { filteredSaw, lead, sawPad } from '../instruments/synths.ts';
import { riser, water } from '../instruments/textures.ts';
import { type Composition, cycle, layOut, type PlacedSection, type Section } from '../music/form.ts';
import { composeMelody, type RhythmCell } from '../music/melody.ts';
import { Clock, Player } from '../music/part.ts';
import { atOrAbove, type Chord, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import type { Channel } from '../synth/mixer.ts';
import { createRandom } from '../synth/random.ts';
import { buildFerryDesk } from './ferry-desk.ts';
import { createFerryKit, playFerryDrums } from './ferry-drums.ts';

export type FerryLayer =
  | 'pad'
  | 'arp'
  | 'bass'
  | 'kick'
  | 'hats'
  | 'clap'
  | 'lead'
  | 'shore'
  | 'rise'
  | 'toms';

/** One track of the continuous set: its key, its chords (one a bar) and its form. */
export type FerryTrack = {
  title: string;
  key: string;
  chords: string;
  bassStyle: 'octaves' | 'offbeat' | 'rolling' | 'long';
  arpeggio: readonly number[];
  sections: readonly Section<FerryLayer>[];
};

export type FerryPlan = { seed: string; beatsPerMinute: number; tracks: readonly FerryTrack[] };

const LEAD_CELLS: readonly RhythmCell[] = [
  [
    [0, 1.5],
    [1.5, 1],
    [2.5, 1.5],
  ],
  [
    [0, 0.5],
    [0.5, 1],
    [1.5, 1],
    [2.5, 0.5],
    [3, 1],
  ],
  [
    [0.5, 1],
    [1.5, 1.5],
    [3, 1],
  ],
  [
    [0, 2],
    [2, 1],
    [3, 0.5],
    [3.5, 0.5],
  ],
];

const LEAD_CADENCES: readonly RhythmCell[] = [
  [[0, 3.5]],
  [
    [0, 1],
    [1, 2.5],
  ],
];

/**
 * Returns a night drive in several tracks that run into one another without a break: the same clock,
 * the same desk, and cuts on downbeats while pads, echoes and arpeggios sound on.
 */
export function composeFerry(plan: FerryPlan): Composition {
  const clock = new Clock({ beatsPerMinute: plan.beatsPerMinute });
  const random = createRandom(plan.seed);
  const trackBars: number[] = [];
  const placed: { track: FerryTrack; section: PlacedSection<FerryLayer> }[] = [];
  let bars = 0;
  for (const track of plan.tracks) {
    const form = layOut(track.sections);
    for (const section of form.sections) {
      placed.push({ track, section: { ...section, firstBar: section.firstBar + bars } });
    }
    bars += form.bars;
    trackBars.push(bars);
  }
  const kicks: number[] = [];
  const lengthSeconds = clock.barSeconds(bars) + 7;
  const desk = buildFerryDesk(clock, placed, kicks, lengthSeconds);
  const player = (channel: Channel, name: string, loose = 0) =>
    new Player(channel, clock, random.fork(name), loose);
  const players = {
    pad: player(desk.pad, 'pad'),
    arp: player(desk.arp, 'arp', 2),
    bass: player(desk.bass, 'bass'),
    lead: player(desk.lead, 'lead', 5),
    drums: player(desk.drums, 'drums', 1.5),
    air: player(desk.air, 'air'),
  };
  const kit = createFerryKit();
  for (const { track, section } of placed) {
    const chords = parseChords(track.chords);
    const beat = section.firstBar * 4;
    if (section.has('pad')) playPad(players.pad, section, chords);
    if (section.has('arp')) playArpeggio(players.arp, section, chords, track.arpeggio);
    if (section.has('bass')) playBass(players.bass, section, chords, track.bassStyle);
    if (section.has('lead')) playLead(players.lead, section, chords, track, plan.seed);
    if (section.has('rise')) {
      players.air.start(beat + (section.bars - 4) * 4, () =>
        riser(clock.secondsPerBeat * 16, section.firstBar),
      );
    }
    if (section.has('shore')) {
      const seconds = section.bars * 4 * clock.secondsPerBeat + 4;
      players.air.start(beat, () => water(random.fork(`shore ${section.firstBar}`), seconds, 900, 0.8));
    }
    playFerryDrums(players.drums, kit, section, clock, kicks);
  }
  const farewell =
    voiceLead([cycle(parseChords(plan.tracks.at(-1)?.chords ?? 'Am9'), 0)], PAD_RANGE)[0] ?? [];
  players.pad.chord(padInstrument(), bars * 4, 6, farewell, 0.7);
  return {
    mixer: desk.mixer,
    lengthSeconds,
    cutSeconds: trackBars.slice(0, -1).map((bar) => clock.barSeconds(bar)),
    fadeInSeconds: 1.5,
    fadeOutSeconds: 4.5,
    targetLufs: -14.5,
  };
}

const PAD_RANGE = { low: 52, high: 74, notes: 4 };

function padInstrument() {
  return sawPad({
    shape: { attack: 0.5, decay: 2, sustain: 0.85, release: 1.9 },
    cutoffHertz: 2000,
    brightenHertz: 1400,
    detuneCents: 10,
  });
}

function eachBar(section: PlacedSection<FerryLayer>, chords: readonly Chord[]): Chord[] {
  return Array.from({ length: section.bars }, (_, bar) => cycle(chords, bar));
}

function playPad(player: Player, section: PlacedSection<FerryLayer>, chords: readonly Chord[]): void {
  voiceLead(eachBar(section, chords), PAD_RANGE).forEach((notes, bar) => {
    player.chord(padInstrument(), (section.firstBar + bar) * 4, 4, notes, section.has('kick') ? 0.8 : 0.9);
  });
}

function playArpeggio(
  player: Player,
  section: PlacedSection<FerryLayer>,
  chords: readonly Chord[],
  pattern: readonly number[],
): void {
  const pluck = (pan: number) =>
    filteredSaw({
      shape: { attack: 0.003, decay: 0.32, sustain: 0.12, release: 0.16 },
      cutoffHertz: 700,
      sweepHertz: 3200,
      sweepSeconds: 0.28,
      resonance: 0.3,
      pan,
    });
  const sides = [pluck(-0.35), pluck(0.35)] as const;
  eachBar(section, chords).forEach((chord, bar) => {
    const ladder = chordLadder(chord, 64);
    for (let step = 0; step < 16; step++) {
      const rung = cycle(pattern, step);
      if (rung < 0) continue;
      const accent = step % 4 === 0 ? 0.85 : step % 2 === 0 ? 0.68 : 0.56;
      player.note(
        sides[step % 2 === 0 ? 0 : 1],
        (section.firstBar + bar) * 4 + step / 4,
        0.22,
        ladder[rung] ?? 64,
        accent,
      );
    }
  });
}

/** The chord's tones climbing from a note over two octaves. */
function chordLadder(chord: Chord, from: number): number[] {
  const first = [...new Set(chord.tones)].map((tone) => atOrAbove(from, tone)).sort((a, b) => a - b);
  return [...first, ...first.map((midi) => midi + 12)];
}

function playBass(
  player: Player,
  section: PlacedSection<FerryLayer>,
  chords: readonly Chord[],
  style: FerryTrack['bassStyle'],
): void {
  const instrument = filteredSaw({
    shape: { attack: 0.004, decay: 0.5, sustain: 0.65, release: 0.07 },
    cutoffHertz: style === 'long' ? 260 : 320,
    sweepHertz: 1100,
    sweepSeconds: 0.22,
    resonance: 0.2,
    sub: 0.8,
  });
  eachBar(section, chords).forEach((chord, bar) => {
    const root = atOrAbove(33, chord.bass);
    const beat = (section.firstBar + bar) * 4;
    for (let step = 0; step < 8; step++) {
      if (style === 'long' && step % 4 !== 0) continue;
      if (style === 'offbeat' && step % 2 === 0) continue;
      const octave = style === 'octaves' && step % 2 === 1 ? 12 : 0;
      const turn = style === 'rolling' && step === 7 ? 7 : 0;
      const beats = style === 'long' ? 1.9 : 0.42;
      player.note(instrument, beat + step / 2, beats, root + octave + turn, step % 2 === 0 ? 0.9 : 0.78);
    }
  });
}

function playLead(
  player: Player,
  section: PlacedSection<FerryLayer>,
  chords: readonly Chord[],
  track: FerryTrack,
  seed: string,
): void {
  const voice = lead(2300, { attack: 0.025, decay: 0.8, sustain: 0.7, release: 0.3 });
  const melody = composeMelody({
    chords: eachBar(section, chords),
    key: parseKey(track.key),
    bars: section.bars,
    beatsPerBar: 4,
    low: 66,
    high: 83,
    cells: LEAD_CELLS,
    cadences: LEAD_CADENCES,
    random: createRandom(`${seed}/lead/${track.title}`),
  });
  for (const note of melody) {
    player.note(voice, section.firstBar * 4 + note.beat, note.beats * 0.92, note.midi, 0.75 * note.accent);
  }
}
