import type { Random } from '../synth/random.ts';
import { type Chord, type Key, nearest, notesOver } from './theory.ts';

/** A note of a melody; times in beats from the start of the section. */
export type MelodyNote = { beat: number; beats: number; midi: number; accent: number };

/** Onsets and lengths within one bar, in beats: `[onset, length]`. */
export type RhythmCell = readonly (readonly [onset: number, beats: number])[];

export type MelodyOptions = {
  /** One chord a bar, or two (then each holds for half a bar). */
  chords: readonly Chord[];
  key: Key;
  bars: number;
  beatsPerBar: number;
  low: number;
  high: number;
  /** Rhythms for moving bars and for the bar that ends a phrase. */
  cells: readonly RhythmCell[];
  cadences: readonly RhythmCell[];
  random: Random;
};

/**
 * Returns a singable melody: a two-bar motif, answered, repeated with changes and brought home.
 * Strong beats take chord tones, the others walk along the scale.
 */
export function composeMelody(options: MelodyOptions): MelodyNote[] {
  const { random, cells, cadences, bars } = options;
  const question = random.pick(cells);
  const answer = random.pick(cells);
  const turn = random.pick(cells);
  const contours = {
    question: contour(question, random),
    answer: contour(answer, random),
    turn: contour(turn, random),
  };
  const notes: MelodyNote[] = [];
  let current = nearest(
    Math.round(options.low * 0.45 + options.high * 0.55),
    options.chords[0]?.tones ?? [0],
  );
  for (let bar = 0; bar < bars; bar++) {
    const inPhrase = bar % 4;
    const closing = inPhrase === 3;
    const home = closing && (bar === bars - 1 || bar % 8 === 7);
    const cell = closing
      ? random.pick(cadences)
      : ([question, answer, bar % 8 < 4 ? question : turn][inPhrase] ?? turn);
    const shape = closing
      ? contour(cell, random)
      : ([contours.question, contours.answer, bar % 8 < 4 ? contours.question : contours.turn][inPhrase] ??
        []);
    cell.forEach(([onset, beats], i) => {
      const beat = bar * options.beatsPerBar + onset;
      const chord = chordAt(options, bar, onset);
      const strong = onset % 2 === 0 || beats >= 1.5;
      const last = i === cell.length - 1;
      const target = keepInside(current + (shape[i] ?? 0), options);
      const allowed = home && last ? homeTones(chord) : strong ? chord.tones : notesOver(chord, options.key);
      current = keepInside(nearest(target, allowed), options);
      current = nearest(current, allowed);
      notes.push({ beat, beats, midi: current, accent: strong ? 1 : 0.82 });
    });
  }
  return notes;
}

function homeTones(chord: Chord): number[] {
  return chord.tones.slice(0, 3);
}

function chordAt(options: MelodyOptions, bar: number, onset: number): Chord {
  const perBar = Math.max(1, Math.round(options.chords.length / options.bars));
  const index = bar * perBar + Math.min(perBar - 1, Math.floor((onset / options.beatsPerBar) * perBar));
  const chord = options.chords[index % options.chords.length];
  if (chord === undefined) throw new RangeError('A melody needs chords');
  return chord;
}

/** Steps in semitones between notes: mostly small, one leap at most, leaning back after it. */
function contour(cell: RhythmCell, random: Random): number[] {
  const direction = random.chance(0.5) ? 1 : -1;
  const leap = random.integer(0, cell.length);
  return cell.map((_, i) => {
    if (i === leap) return direction * random.pick([5, 7]);
    if (i === leap + 1) return -direction * 2;
    return random.pick([-3, -2, -2, 2, 2, 3]) * (random.chance(0.75) ? direction : -direction);
  });
}

function keepInside(midi: number, { low, high }: { low: number; high: number }): number {
  if (midi > high) return midi - Math.min(12, 2 * (midi - high) + 2);
  if (midi < low) return midi + Math.min(12, 2 * (low - midi) + 2);
  return midi;
}
