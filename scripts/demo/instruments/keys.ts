import { midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { Envelope, fallFactor } from '../synth/envelope.ts';
import { OnePole } from '../synth/filter.ts';
import { Noise, sine } from '../synth/oscillator.ts';
import { type Instrument, monoVoice } from './voices.ts';

/** Returns a tine electric piano (frequency modulation): mellow when soft, barking when struck hard. */
export function electricPiano(brightness = 1): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const step = hertz / SAMPLE_RATE;
    const tineRatio = Math.min(14, Math.max(3, Math.floor(7000 / hertz)));
    const envelope = new Envelope({ attack: 0.003, decay: 7, sustain: 0, release: 0.35 }, seconds);
    const bodyFall = fallFactor(2.4);
    const tineFall = fallFactor(0.55);
    let body = brightness * (0.25 + 1.1 * velocity);
    let tine = brightness * 0.22 * velocity;
    let phase = 0;
    const next = (): number => {
      body *= bodyFall;
      tine *= tineFall;
      phase += step;
      const bark = (body + 0.12) * 0.159 * sine(phase);
      const ping = tine * 0.159 * sine(phase * tineRatio);
      return 0.24 * velocity * envelope.next() * sine(phase + bark + ping);
    };
    return monoVoice(next, () => envelope.done, (midi - 62) / 60);
  };
}

/** Returns a soft wooden flute with breath and a vibrato that sets in late. */
export function flute(): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const envelope = new Envelope({ attack: 0.055, decay: 0.4, sustain: 0.82, release: 0.16 }, seconds);
    const noise = new Noise(midi * 31 + Math.round(seconds * 1000));
    const breath = new OnePole(hertz * 2.2);
    const body = new OnePole(hertz * 0.8);
    let phase = 0;
    let frame = 0;
    const next = (): number => {
      const time = frame++ / SAMPLE_RATE;
      const depth = Math.min(1, Math.max(0, (time - 0.22) / 0.4));
      phase += (hertz / SAMPLE_RATE) * (1 + 0.0045 * depth * sine(time * 5.1));
      const level = envelope.next() * (1 + 0.1 * depth * sine(time * 5.1 + 0.2));
      const air = body.high(breath.low(noise.next())) * (0.1 + 0.25 * Math.exp(-time * 18));
      const tone = sine(phase) + 0.28 * velocity * sine(phase * 2) + 0.12 * velocity * sine(phase * 3);
      return 0.26 * velocity * level * (tone + air);
    };
    return monoVoice(next, () => envelope.done);
  };
}
