import { midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { OnePole } from '../synth/filter.ts';
import type { Voice } from '../synth/mixer.ts';
import { Noise } from '../synth/oscillator.ts';
import { type Instrument, monoVoice } from './voices.ts';

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

/** Returns a plucked string (Karplus–Strong with an all-pass for exact tuning). */
function pluckedString(pluck: Pluck): Voice {
  const period = SAMPLE_RATE / pluck.hertz - pluck.dullness;
  const length = Math.max(2, Math.floor(period - 0.3));
  const fraction = period - length;
  const tuning = (1 - fraction) / (1 + fraction);
  const string = excite(pluck, length);
  const holdLoss = 10 ** (-3 / (pluck.decaySeconds * pluck.hertz));
  const dampedLoss = 10 ** (-3 / (0.16 * pluck.hertz));
  const gateFrames = pluck.gateSeconds * SAMPLE_RATE;
  let position = 0;
  let frame = 0;
  let previous = 0;
  let allPassInput = 0;
  let allPassOutput = 0;
  let loudness = 1;
  const next = (): number => {
    const sample = string[position] ?? 0;
    const smoothed = sample + pluck.dullness * (previous - sample);
    previous = sample;
    const loss = frame > gateFrames ? dampedLoss : holdLoss;
    const input = smoothed * loss;
    allPassOutput = tuning * (input - allPassOutput) + allPassInput;
    allPassInput = input;
    string[position] = allPassOutput;
    position = position + 1 === length ? 0 : position + 1;
    frame++;
    loudness += 0.002 * (Math.abs(sample) - loudness);
    return sample;
  };
  return monoVoice(next, () => loudness < 0.000_05 && frame > 4000, pluck.pan);
}

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
    pluckedString({
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
    pluckedString({
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
