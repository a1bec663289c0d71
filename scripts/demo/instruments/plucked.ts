import { at, midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { OnePole } from '../synth/filter.ts';
import { Noise } from '../synth/oscillator.ts';
import { type Instrument, MonoVoice } from './voices.ts';

type Pluck = {
  hertz: number;
  velocity: number;
  gateSeconds: number;
  /** Brightness of the finger's touch in hertz. */
  touchHertz: number;
  /** Where the string is plucked, as a part of its length. */
  position: number;
  /** Time in seconds until the string has lost 60 dB. */
  decaySeconds: number;
  /** 0…0.5: how much of the treble is lost on each trip along the string. */
  dullness: number;
  seed: number;
  pan: number;
};

/** A plucked string (Karplus–Strong with an all-pass for exact tuning). */
class StringVoice extends MonoVoice {
  private readonly string: Float32Array;
  private readonly tuning: number;
  private readonly dullness: number;
  private readonly holdLoss: number;
  private readonly dampedLoss: number;
  private readonly gateFrames: number;
  private position = 0;
  private frame = 0;
  private previous = 0;
  private allPassInput = 0;
  private allPassOutput = 0;
  private loudness = 1;

  constructor(pluck: Pluck) {
    super(pluck.pan);
    // The loop's own filter delays by about its dullness, the rest is string and all-pass.
    const period = SAMPLE_RATE / pluck.hertz - pluck.dullness;
    const length = Math.max(2, Math.floor(period - 0.3));
    const fraction = period - length;
    this.tuning = (1 - fraction) / (1 + fraction);
    this.string = excite(pluck, length);
    this.dullness = pluck.dullness;
    this.holdLoss = 10 ** (-3 / (pluck.decaySeconds * pluck.hertz));
    this.dampedLoss = 10 ** (-3 / (0.16 * pluck.hertz));
    this.gateFrames = pluck.gateSeconds * SAMPLE_RATE;
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    const sample = at(this.string, this.position);
    const smoothed = sample + this.dullness * (this.previous - sample);
    this.previous = sample;
    const input = smoothed * (this.frame > this.gateFrames ? this.dampedLoss : this.holdLoss);
    this.allPassOutput = this.tuning * (input - this.allPassOutput) + this.allPassInput;
    this.allPassInput = input;
    this.string[this.position] = this.allPassOutput;
    this.position = this.position + 1 === this.string.length ? 0 : this.position + 1;
    this.frame++;
    this.loudness += 0.002 * (Math.abs(sample) - this.loudness);
    return sample * Math.min(1, this.frame / ONSET_FRAMES);
  }

  protected get done(): boolean {
    return this.loudness < 0.000_05 && this.frame > 4000;
  }
}

/** The finger leaves the string gradually: without this rise the first sample would be a click. */
const ONSET_FRAMES = 60;

function excite(pluck: Pluck, length: number): Float32Array {
  const noise = new Noise(pluck.seed);
  const touch = new OnePole(pluck.touchHertz);
  const second = new OnePole(pluck.touchHertz * 1.6);
  const burst = Float32Array.from({ length }, () => second.low(touch.low(noise.next())));
  const offset = Math.max(1, Math.round(length * pluck.position));
  const combed = burst.map((value, i) => value - (burst[(i + offset) % length] ?? 0));
  const mean = combed.reduce((sum, value) => sum + value, 0) / length;
  const energy = Math.sqrt(combed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  return combed.map((value) => ((value - mean) / Math.max(energy, 0.000_001)) * 0.16 * pluck.velocity);
}

/** Returns a nylon-string guitar. */
export function nylonGuitar(): Instrument {
  return (midi, velocity, seconds) =>
    new StringVoice({
      hertz: midiToHertz(midi),
      velocity,
      gateSeconds: seconds,
      touchHertz: 900 + 2600 * velocity,
      position: 0.23,
      decaySeconds: 3.4 * 2 ** ((52 - midi) / 24),
      dullness: 0.36,
      seed: midi * 271 + Math.round(velocity * 997),
      pan: (midi - 58) / 60,
    });
}

/** Returns a plucked double bass: round, short, mostly fundamental. */
export function doubleBass(): Instrument {
  return (midi, velocity, seconds) =>
    new StringVoice({
      hertz: midiToHertz(midi),
      velocity,
      gateSeconds: seconds,
      touchHertz: 190 + 260 * velocity,
      position: 0.31,
      decaySeconds: 1.9,
      dullness: 0.5,
      seed: midi * 911 + Math.round(velocity * 83),
      pan: 0,
    });
}
