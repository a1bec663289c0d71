import type { Drum, Instrument } from '../instruments/voices.ts';
import { SAMPLE_RATE } from '../synth/audio.ts';
import type { Channel, Voice } from '../synth/mixer.ts';
import type { Random } from '../synth/random.ts';

export type ClockOptions = {
  beatsPerMinute: number;
  beatsPerBar?: number;
  /** 0 is straight; 0.33 is a triplet swing of the given unit. */
  swing?: number;
  /** Length in beats of what swings: 0.5 for eighths, 0.25 for sixteenths. */
  swingUnit?: number;
  startSeconds?: number;
};

/** Turns beats into seconds, with swing. */
export class Clock {
  readonly beatsPerBar: number;
  readonly secondsPerBeat: number;
  private readonly swing: number;
  private readonly unit: number;
  private readonly start: number;

  constructor(options: ClockOptions) {
    this.secondsPerBeat = 60 / options.beatsPerMinute;
    this.beatsPerBar = options.beatsPerBar ?? 4;
    this.swing = options.swing ?? 0;
    this.unit = options.swingUnit ?? 0.5;
    this.start = options.startSeconds ?? 0;
  }

  /** Returns the time in seconds of a beat counted from the start of the piece. */
  seconds(beat: number): number {
    const pair = this.unit * 2;
    const inPair = beat - Math.floor(beat / pair) * pair;
    const isLate = Math.abs(inPair - this.unit) < 0.001;
    return this.start + (beat + (isLate ? this.swing * this.unit : 0)) * this.secondsPerBeat;
  }

  /** Returns the time in seconds of the start of a bar. */
  barSeconds(bar: number): number {
    return this.seconds(bar * this.beatsPerBar);
  }
}

/** A player: an instrument on a channel that keeps time like a person, a few milliseconds off here and there. */
export class Player {
  private readonly channel: Channel;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly loosenessSeconds: number;

  constructor(channel: Channel, clock: Clock, random: Random, loosenessMilliseconds = 0) {
    this.channel = channel;
    this.clock = clock;
    this.random = random;
    this.loosenessSeconds = loosenessMilliseconds / 1000;
  }

  /** Plays a note; beat and length in beats. */
  note(instrument: Instrument, beat: number, beats: number, midi: number, velocity: number): void {
    const seconds = beats * this.clock.secondsPerBeat;
    this.at(beat, this.humanise(velocity), (level) => instrument(midi, level, seconds));
  }

  /** Plays a chord from the lowest note up, each a little after the other. */
  chord(
    instrument: Instrument,
    beat: number,
    beats: number,
    notes: readonly number[],
    velocity: number,
    strumBeats = 0,
  ): void {
    notes.forEach((midi, i) => {
      const balance = i === notes.length - 1 ? 1 : 0.86;
      this.note(instrument, beat + i * strumBeats, beats - i * strumBeats, midi, velocity * balance);
    });
  }

  /** Plays a drum. */
  hit(drum: Drum, beat: number, velocity: number): void {
    this.at(beat, this.humanise(velocity), drum);
  }

  /** Starts any voice at a beat, exactly in time. */
  start(beat: number, voice: () => Voice): void {
    this.channel.schedule(this.clock.seconds(beat) * SAMPLE_RATE, voice);
  }

  private at(beat: number, velocity: number, voice: (velocity: number) => Voice): void {
    const seconds = this.clock.seconds(beat) + this.random.bell() * this.loosenessSeconds;
    this.channel.schedule(Math.max(0, seconds) * SAMPLE_RATE, () => voice(velocity));
  }

  private humanise(velocity: number): number {
    const spread = this.loosenessSeconds > 0 ? 0.06 : 0;
    return Math.max(0.02, Math.min(1, velocity * (1 + spread * this.random.bell())));
  }
}

/** A step pattern such as `x..o x..o`: returns the steps that sound with their strength (x 1, o 0.6, - 0.35). */
export function steps(pattern: string): { step: number; strength: number }[] {
  const strengths: Readonly<Record<string, number>> = { x: 1, o: 0.6, '-': 0.35 };
  return [...pattern.replaceAll(' ', '')].flatMap((mark, step) => {
    const strength = strengths[mark];
    return strength === undefined ? [] : [{ step, strength }];
  });
}
