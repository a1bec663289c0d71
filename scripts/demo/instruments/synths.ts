import { add, midiToHertz, panGains, SAMPLE_RATE } from '../synth/audio.ts';
import { Envelope, type EnvelopeShape } from '../synth/envelope.ts';
import { StateVariableFilter } from '../synth/filter.ts';
import { Pulse, Saw, sine } from '../synth/oscillator.ts';
import { type Instrument, monoVoice } from './voices.ts';

export type PadOptions = { shape: EnvelopeShape; cutoffHertz: number; detuneCents?: number; brightenHertz?: number };

/** Returns a wide pad: four detuned saws a note through a low-pass that opens with the envelope. */
export function sawPad(options: PadOptions): Instrument {
  const detune = options.detuneCents ?? 9;
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const saws = [-1, 0.45, -0.4, 1].map(
      (part, n) => new Saw(hertz * 2 ** ((part * detune) / 1200), (n * 0.37 + midi * 0.113) % 1),
    );
    const envelope = new Envelope(options.shape, seconds);
    const leftFilter = new StateVariableFilter(options.cutoffHertz, 0.1);
    const rightFilter = new StateVariableFilter(options.cutoffHertz, 0.1);
    const [a, b, c, d] = saws as [Saw, Saw, Saw, Saw];
    let frame = 0;
    return {
      render(block, start, end) {
        for (let i = start; i < end; i++) {
          const level = envelope.next();
          if ((frame++ & 31) === 0) {
            const cutoff = options.cutoffHertz * (0.6 + 0.4 * level) + (options.brightenHertz ?? 0) * level;
            leftFilter.tune(cutoff, 0.1);
            rightFilter.tune(cutoff, 0.1);
          }
          const middle = 0.6 * b.next();
          leftFilter.feed(a.next() + middle + 0.4 * c.next());
          rightFilter.feed(d.next() + middle - 0.4 * c.next());
          add(block.left, i, 0.09 * velocity * level * leftFilter.low);
          add(block.right, i, 0.09 * velocity * level * rightFilter.low);
        }
        return !envelope.done;
      },
    };
  };
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
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const first = new Saw(hertz * 1.0012, 0.13);
    const second = new Saw(hertz * 0.9988, 0.61);
    const sub = new Pulse(hertz / 2, 0.5);
    const envelope = new Envelope(options.shape, seconds);
    const sweep = new Envelope({ attack: 0.002, decay: options.sweepSeconds, sustain: 0, release: 0.2 }, seconds);
    const filter = new StateVariableFilter(options.cutoffHertz, options.resonance ?? 0.25);
    let frame = 0;
    const next = (): number => {
      const open = sweep.next();
      if ((frame++ & 15) === 0) {
        filter.tune(options.cutoffHertz + options.sweepHertz * velocity * open, options.resonance ?? 0.25);
      }
      filter.feed(first.next() + second.next() + (options.sub ?? 0) * sub.next());
      return 0.16 * velocity * envelope.next() * filter.low;
    };
    return monoVoice(next, () => envelope.done, options.pan ?? 0);
  };
}

/** Returns a round bass: a sine with a little second and third harmonic, saturated by the channel if wanted. */
export function roundBass(shape: EnvelopeShape, harmonics = 0.3): Instrument {
  return (midi, velocity, seconds) => {
    const step = midiToHertz(midi) / SAMPLE_RATE;
    const envelope = new Envelope(shape, seconds);
    let phase = 0;
    const next = (): number => {
      phase += step;
      const tone = sine(phase) + harmonics * (0.7 * sine(phase * 2) + 0.3 * sine(phase * 3));
      return 0.34 * velocity * envelope.next() * tone;
    };
    return monoVoice(next, () => envelope.done);
  };
}

/** Returns a singing lead: two pulses with moving width, delayed vibrato and a soft filter. */
export function lead(cutoffHertz: number, shape: EnvelopeShape): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const saw = new Saw(hertz * 1.003, 0.2);
    const pulse = new Pulse(hertz * 0.997, 0.42);
    const envelope = new Envelope(shape, seconds);
    const filter = new StateVariableFilter(cutoffHertz, 0.2);
    const gains = panGains(0);
    let frame = 0;
    return {
      render(block, start, end) {
        for (let i = start; i < end; i++) {
          if ((frame & 15) === 0) {
            const time = frame / SAMPLE_RATE;
            const vibrato = 1 + 0.005 * Math.min(1, Math.max(0, (time - 0.25) / 0.5)) * sine(time * 5.3);
            saw.hertz = hertz * 1.003 * vibrato;
            pulse.hertz = hertz * 0.997 * vibrato;
            pulse.width = 0.42 + 0.1 * sine(time * 0.7);
            filter.tune(cutoffHertz * (1 + 0.8 * Math.exp(-time * 5)), 0.2);
          }
          frame++;
          filter.feed(0.7 * saw.next() + 0.6 * pulse.next());
          const value = 0.16 * velocity * envelope.next() * filter.low;
          add(block.left, i, value * gains.left);
          add(block.right, i, value * gains.right);
        }
        return !envelope.done;
      },
    };
  };
}
