import { add, at, BLOCK_FRAMES, midiToHertz, SAMPLE_RATE, type Stereo } from '../synth/audio.ts';
import { Envelope, type EnvelopeShape } from '../synth/envelope.ts';
import { StateVariableFilter } from '../synth/filter.ts';
import type { Voice } from '../synth/mixer.ts';
import { Pulse, Saw, SoftSaw, sine } from '../synth/oscillator.ts';
import { type Instrument, MonoVoice } from './voices.ts';

export type PadOptions = {
  shape: EnvelopeShape;
  cutoffHertz: number;
  detuneCents?: number;
  brightenHertz?: number;
};

/** Returns a wide pad: four detuned saws a note through a low-pass that opens with the envelope. */
export function sawPad(options: PadOptions): Instrument {
  return (midi, velocity, seconds) => new PadVoice(options, midi, velocity, seconds);
}

const left = new Float32Array(BLOCK_FRAMES);
const right = new Float32Array(BLOCK_FRAMES);
const middle = new Float32Array(BLOCK_FRAMES);
const side = new Float32Array(BLOCK_FRAMES);

function lowPassInto(
  filter: StateVariableFilter,
  input: Float32Array,
  gains: Float32Array,
  target: Float32Array,
  start: number,
  end: number,
): void {
  for (let i = start; i < end; i++) {
    filter.feed(at(input, i));
    add(target, i, at(gains, i) * filter.low);
  }
}

class PadVoice implements Voice {
  private readonly options: PadOptions;
  private readonly level: number;
  private readonly envelope: Envelope;
  private readonly left: StateVariableFilter;
  private readonly right: StateVariableFilter;
  private readonly saws: readonly [SoftSaw, SoftSaw, SoftSaw, SoftSaw];

  constructor(options: PadOptions, midi: number, velocity: number, seconds: number) {
    const hertz = midiToHertz(midi);
    const saw = (part: number, turns: number): SoftSaw =>
      new SoftSaw(hertz * 2 ** ((part * (options.detuneCents ?? 9)) / 1200), (turns + midi * 0.113) % 1);
    this.options = options;
    this.level = 0.09 * velocity;
    this.saws = [saw(-1, 0), saw(0.45, 0.37), saw(-0.4, 0.74), saw(1, 0.11)];
    this.envelope = new Envelope(options.shape, seconds);
    this.left = new StateVariableFilter(options.cutoffHertz, 0.1);
    this.right = new StateVariableFilter(options.cutoffHertz, 0.1);
  }

  render(block: Stereo, start: number, end: number): boolean {
    const [a, b, c, d] = this.saws;
    b.fill(middle, start, end);
    c.fill(side, start, end);
    a.fill(left, start, end);
    d.fill(right, start, end);
    for (let i = start; i < end; i++) {
      const centre = 0.6 * at(middle, i);
      left[i] = at(left, i) + centre + 0.4 * at(side, i);
      right[i] = at(right, i) + centre - 0.4 * at(side, i);
    }
    for (let i = start; i < end; i++) middle[i] = this.envelope.next() * this.level;
    // The filters follow the envelope once a block: slow attacks do not need more.
    this.tune(at(middle, end - 1) / this.level);
    lowPassInto(this.left, left, middle, block.left, start, end);
    lowPassInto(this.right, right, middle, block.right, start, end);
    return !this.envelope.done;
  }

  private tune(level: number): void {
    const cutoff = this.options.cutoffHertz * (0.6 + 0.4 * level) + (this.options.brightenHertz ?? 0) * level;
    this.left.tune(cutoff, 0.1);
    this.right.tune(cutoff, 0.1);
  }
}

export type FilteredOptions = {
  shape: EnvelopeShape;
  cutoffHertz: number;
  /** How far the filter opens above the cutoff at the start of a note, in hertz. */
  sweepHertz: number;
  sweepSeconds: number;
  resonance?: number;
  /** Level of the square wave an octave below. */
  sub?: number;
  pan?: number;
};

/** Returns a one-oscillator synthesiser with a filter that closes after each attack: basses and arpeggios. */
export function filteredSaw(options: FilteredOptions): Instrument {
  return (midi, velocity, seconds) => new FilteredVoice(options, midi, velocity, seconds);
}

class FilteredVoice extends MonoVoice {
  private readonly options: FilteredOptions;
  private readonly velocity: number;
  private readonly first: Saw;
  private readonly second: Saw;
  private readonly sub: Pulse;
  private readonly envelope: Envelope;
  private readonly sweep: Envelope;
  private readonly filter: StateVariableFilter;
  private readonly resonance: number;
  private readonly subLevel: number;
  private frame = 0;

  constructor(options: FilteredOptions, midi: number, velocity: number, seconds: number) {
    super(options.pan ?? 0);
    const hertz = midiToHertz(midi);
    this.options = options;
    this.velocity = velocity;
    this.first = new Saw(hertz * 1.0012, 0.13);
    this.second = new Saw(hertz * 0.9988, 0.61);
    this.sub = new Pulse(hertz / 2, 0.5);
    this.subLevel = options.sub ?? 0;
    this.envelope = new Envelope(options.shape, seconds);
    this.sweep = new Envelope(
      { attack: 0.002, decay: options.sweepSeconds, sustain: 0, release: 0.2 },
      seconds,
    );
    this.resonance = options.resonance ?? 0.25;
    this.filter = new StateVariableFilter(options.cutoffHertz, this.resonance);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    const open = this.sweep.next();
    if ((this.frame++ & 15) === 0) {
      this.filter.tune(
        this.options.cutoffHertz + this.options.sweepHertz * this.velocity * open,
        this.resonance,
      );
    }
    const low = this.subLevel === 0 ? 0 : this.subLevel * this.sub.next();
    this.filter.feed(this.first.next() + this.second.next() + low);
    return 0.16 * this.velocity * this.envelope.next() * this.filter.low;
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}

/** Returns a round bass: a sine with a little second and third harmonic, saturated by the channel if wanted. */
export function roundBass(shape: EnvelopeShape, harmonics = 0.3): Instrument {
  return (midi, velocity, seconds) => new RoundVoice(shape, harmonics, midi, velocity, seconds);
}

class RoundVoice extends MonoVoice {
  private readonly step: number;
  private readonly harmonics: number;
  private readonly level: number;
  private readonly envelope: Envelope;
  private phase = 0;

  constructor(shape: EnvelopeShape, harmonics: number, midi: number, velocity: number, seconds: number) {
    super();
    this.step = midiToHertz(midi) / SAMPLE_RATE;
    this.harmonics = harmonics;
    this.level = 0.34 * velocity;
    this.envelope = new Envelope(shape, seconds);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    this.phase += this.step;
    const overtones = 0.7 * sine(this.phase * 2) + 0.3 * sine(this.phase * 3);
    return this.level * this.envelope.next() * (sine(this.phase) + this.harmonics * overtones);
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}

/** Returns a singing lead: a saw and a pulse with moving width, delayed vibrato and a soft filter. */
export function lead(cutoffHertz: number, shape: EnvelopeShape): Instrument {
  return (midi, velocity, seconds) => new LeadVoice(cutoffHertz, shape, midi, velocity, seconds);
}

class LeadVoice extends MonoVoice {
  private readonly hertz: number;
  private readonly cutoffHertz: number;
  private readonly level: number;
  private readonly saw: Saw;
  private readonly pulse: Pulse;
  private readonly envelope: Envelope;
  private readonly filter: StateVariableFilter;
  private frame = 0;

  constructor(cutoffHertz: number, shape: EnvelopeShape, midi: number, velocity: number, seconds: number) {
    super();
    this.hertz = midiToHertz(midi);
    this.cutoffHertz = cutoffHertz;
    this.level = 0.16 * velocity;
    this.saw = new Saw(this.hertz * 1.003, 0.2);
    this.pulse = new Pulse(this.hertz * 0.997, 0.42);
    this.envelope = new Envelope(shape, seconds);
    this.filter = new StateVariableFilter(cutoffHertz, 0.2);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if ((this.frame++ & 15) === 0) this.move(this.frame / SAMPLE_RATE);
      this.filter.feed(0.7 * this.saw.next() + 0.6 * this.pulse.next());
      out[i] = this.level * this.envelope.next() * this.filter.low;
    }
  }

  protected get done(): boolean {
    return this.envelope.done;
  }

  private move(time: number): void {
    const vibrato = 1 + 0.005 * Math.min(1, Math.max(0, (time - 0.25) / 0.5)) * sine(time * 5.3);
    this.saw.hertz = this.hertz * 1.003 * vibrato;
    this.pulse.hertz = this.hertz * 0.997 * vibrato;
    this.pulse.width = 0.42 + 0.1 * sine(time * 0.7);
    this.filter.tune(this.cutoffHertz * (1 + 0.8 * Math.exp(-time * 5)), 0.2);
  }
}
