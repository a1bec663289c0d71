const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

const QUALITIES: Readonly<Record<string, readonly number[]>> = {
  '': [0, 4, 7],
  m: [0, 3, 7],
  '5': [0, 7],
  '6': [0, 4, 7, 9],
  m6: [0, 3, 7, 9],
  '69': [0, 4, 7, 9, 14],
  '7': [0, 4, 7, 10],
  '9': [0, 4, 7, 10, 14],
  '13': [0, 4, 10, 14, 21],
  '7b9': [0, 4, 7, 10, 13],
  '7b13': [0, 4, 10, 20],
  '7sus4': [0, 5, 7, 10],
  '9sus4': [0, 5, 7, 10, 14],
  m7: [0, 3, 7, 10],
  m9: [0, 3, 7, 10, 14],
  m11: [0, 3, 7, 10, 14, 17],
  m7b5: [0, 3, 6, 10],
  maj7: [0, 4, 7, 11],
  maj9: [0, 4, 7, 11, 14],
  dim7: [0, 3, 6, 9],
  sus2: [0, 2, 7],
  sus4: [0, 5, 7],
  add9: [0, 4, 7, 14],
  madd9: [0, 3, 7, 14],
};

const MODES: Readonly<Record<string, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
};

/** A chord: its root and bass as pitch classes (0 = C) and its tones as pitch classes, root first. */
export type Chord = { symbol: string; root: number; bass: number; tones: readonly number[] };

/** Returns the pitch class of a note name such as `C`, `F#` or `Bb`; throws a RangeError for anything else. */
export function pitchClass(name: string): number {
  const letter = LETTERS[name.charAt(0)];
  if (letter === undefined) throw new RangeError(`Not a note: ${name}`);
  const accidental = name.charAt(1) === '#' ? 1 : name.charAt(1) === 'b' ? -1 : 0;
  return (letter + accidental + 12) % 12;
}

/** Returns the chord for a symbol such as `Dm9`, `Bbmaj7` or `C/E`; throws a RangeError for an unknown one. */
export function parseChord(symbol: string): Chord {
  const match = /^([A-G][#b]?)([^/]*)(?:\/([A-G][#b]?))?$/.exec(symbol);
  const intervals = QUALITIES[match?.[2] ?? '?'];
  if (match === null || intervals === undefined) throw new RangeError(`Unknown chord: ${symbol}`);
  const root = pitchClass(match[1] ?? 'C');
  return {
    symbol,
    root,
    bass: match[3] === undefined ? root : pitchClass(match[3]),
    tones: intervals.map((interval) => (root + interval) % 12),
  };
}

/** Returns the chords of a progression written with spaces, for example `Am7 Dm7 G9 Cmaj7`. */
export function parseChords(line: string): Chord[] {
  return line.trim().split(/\s+/).map(parseChord);
}

/** A key: tonic pitch class and the pitch classes of its scale. */
export type Key = { tonic: number; scale: readonly number[] };

/** Returns the key for a name such as `D dorian`; throws a RangeError for an unknown mode. */
export function parseKey(name: string): Key {
  const [note = 'C', mode = 'major'] = name.split(' ');
  const steps = MODES[mode];
  if (steps === undefined) throw new RangeError(`Unknown mode: ${mode}`);
  const tonic = pitchClass(note);
  return { tonic, scale: steps.map((step) => (tonic + step) % 12) };
}

/** Returns the notes that sound right over a chord: its tones and those of the key that do not rub against them. */
export function notesOver(chord: Chord, key: Key): ReadonlySet<number> {
  const foreign = chord.tones.filter((tone) => !key.scale.includes(tone));
  const friendly = key.scale.filter((note) =>
    foreign.every((tone) => ![1, 11].includes((note - tone + 12) % 12)),
  );
  return new Set([...chord.tones, ...friendly]);
}

/** Returns the note nearest to a MIDI number whose pitch class is allowed; ties go down. */
export function nearest(midi: number, allowed: Iterable<number>): number {
  const classes = new Set(allowed);
  for (let distance = 0; distance <= 6; distance++) {
    if (classes.has((((midi - distance) % 12) + 12) % 12)) return midi - distance;
    if (classes.has((midi + distance) % 12)) return midi + distance;
  }
  return midi;
}

/** Returns the lowest note at or above a MIDI number with the given pitch class. */
export function atOrAbove(midi: number, pitch: number): number {
  return midi + ((((pitch - midi) % 12) + 12) % 12);
}

export type VoicingOptions = {
  /** MIDI range the chord should stay within. */
  low: number;
  high: number;
  /** At most so many notes; the root and then the fifth are left out first. */
  notes?: number;
  /** Whether somebody else plays the root. */
  rootless?: boolean;
};

/**
 * Returns the chords as MIDI notes, each voiced so that the hand moves as little as possible
 * from the one before.
 */
export function voiceLead(chords: readonly Chord[], options: VoicingOptions): number[][] {
  let previous: readonly number[] | undefined;
  return chords.map((chord) => {
    const candidates = voicings(chord, options);
    const from = previous;
    const best = candidates.reduce((a, b) => (cost(a, from, options) <= cost(b, from, options) ? a : b));
    previous = best;
    return best;
  });
}

function voicings(chord: Chord, options: VoicingOptions): number[][] {
  const tones = trim(chord, options);
  const results: number[][] = [];
  for (let start = options.low; start < options.low + 12; start++) {
    if (!tones.includes(start % 12)) continue;
    const rest = tones.filter((tone) => tone !== start % 12);
    const close = [start, ...rest.map((tone) => atOrAbove(start + 1, tone))].sort((a, b) => a - b);
    results.push(close);
    const second = close[close.length - 2];
    // "Drop 2": the second voice from the top moves down an octave, which opens the chord.
    if (second !== undefined && close.length >= 4 && second - 12 >= options.low) {
      results.push(close.map((note) => (note === second ? note - 12 : note)).sort((a, b) => a - b));
    }
  }
  return results;
}

function trim(chord: Chord, options: VoicingOptions): number[] {
  const wanted = options.notes ?? 4;
  let tones = [...new Set(chord.tones)];
  if (options.rootless === true && tones.length > 3) tones = tones.filter((tone) => tone !== chord.root);
  if (tones.length > wanted) tones = tones.filter((tone) => tone !== (chord.root + 7) % 12);
  return tones.slice(0, wanted);
}

function cost(
  notes: readonly number[],
  previous: readonly number[] | undefined,
  options: VoicingOptions,
): number {
  const centre = notes.reduce((sum, note) => sum + note, 0) / notes.length;
  let total = Math.abs(centre - (options.low + options.high) / 2) * 0.25;
  notes.forEach((note, i) => {
    const gap = note - (notes[i - 1] ?? note - 12);
    if (gap < 2 && i === notes.length - 1) total += 6;
    if (gap < 3 && note < 55) total += 5;
    if (note > options.high) total += (note - options.high) * 2;
    if (previous !== undefined) {
      total += Math.min(...previous.map((other) => Math.abs(other - note)));
    }
  });
  return total;
}
