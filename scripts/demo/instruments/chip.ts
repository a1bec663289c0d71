import { midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { Envelope, type EnvelopeShape } from '../synth/envelope.ts';
import { OnePole } from '../synth/filter.ts';
import type { Voice } from '../synth/mixer.ts';
import { Pulse, sine } from '../synth/oscillator.ts';
import type { Drum } from './drums.ts';
import { type Instrument, monoVoice } from './voices.ts';

/** The rate at which an old console's sound driver moved: sixty steps a second. */
const TICK_FRAMES = Math.round(SAMPLE_RATE / 60);

/** Returns a pulse voice of the given width with a vibrato that sets in after a while. */
export function chipPulse(width: number, shape: EnvelopeShape, pan = 0): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const pulse = new Pulse(hertz, width);
    const envelope = new Envelope(shape, seconds);
    const round = new OnePole(11_000);
    let frame = 0;
    const next = (): number => {
      if (frame % TICK_FRAMES === 0) {
        const time = frame / SAMPLE_RATE;
        pulse.hertz = hertz * (1 + (time > 0.2 ? 0.006 * sine(time * 6) : 0));
      }
      frame++;
      return 0.15 * velocity * envelope.next() * round.low(pulse.next());
    };
    return monoVoice(next, () => envelope.done, pan);
  };
}

/** Returns a voice that runs through a chord so fast that it sounds like one colour. */
export function chipArpeggio(notes: readonly number[], velocity: number, seconds: number, pan: number): Voice {
  const hertz = notes.map(midiToHertz);
  const pulse = new Pulse(hertz[0] ?? 440, 0.25);
  const envelope = new Envelope({ attack: 0.004, decay: 0.8, sustain: 0.45, release: 0.08 }, seconds);
  const round = new OnePole(7000);
  let frame = 0;
  const next = (): number => {
    if (frame % (TICK_FRAMES * 2) === 0) pulse.hertz = hertz[(frame / (TICK_FRAMES * 2)) % hertz.length] ?? 440;
    frame++;
    return 0.13 * velocity * envelope.next() * round.low(pulse.next());
  };
  return monoVoice(next, () => envelope.done, pan);
}

/** Returns a triangle bass in sixteen steps, as the old chips drew it. */
export function chipTriangle(): Instrument {
  return (midi, velocity, seconds) => {
    const step = midiToHertz(midi) / SAMPLE_RATE;
    const envelope = new Envelope({ attack: 0.003, decay: 0.1, sustain: 1, release: 0.03 }, seconds);
    const round = new OnePole(5200);
    let phase = 0.25;
    const next = (): number => {
      phase += step;
      if (phase >= 1) phase -= 1;
      const stair = Math.round(15 * (1 - Math.abs(2 * phase - 1))) / 7.5 - 1;
      return 0.3 * velocity * envelope.next() * round.low(stair);
    };
    return monoVoice(next, () => envelope.done);
  };
}

/** Returns a drum from a shift register's noise, clocked at a rate in hertz that can fall during the hit. */
export function chipNoise(clockHertz: number, fallPerSecond: number, decaySeconds: number): Drum {
  return (velocity) => {
    const envelope = new Envelope({ attack: 0.0015, decay: decaySeconds, sustain: 0, release: 0.01 }, decaySeconds);
    const round = new OnePole(8500);
    let register = 0x4321;
    let clock = 0;
    let hertz = clockHertz;
    let held = 0;
    let smooth = 0;
    const next = (): number => {
      clock += hertz / SAMPLE_RATE;
      hertz *= 1 - fallPerSecond / SAMPLE_RATE;
      while (clock >= 1) {
        clock -= 1;
        const bit = (register ^ (register >> 1)) & 1;
        register = (register >> 1) | (bit << 14);
        held = (register & 1) * 2 - 1;
      }
      // The register is not quite balanced: without this its mean would leak into the mix.
      smooth += 0.003 * (held - smooth);
      return 0.22 * velocity * envelope.next() * round.low(held - smooth);
    };
    return monoVoice(next, () => envelope.done);
  };
}
