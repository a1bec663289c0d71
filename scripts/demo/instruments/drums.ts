import { SAMPLE_RATE, toFrames } from '../synth/audio.ts';
import { fallFactor } from '../synth/envelope.ts';
import { OnePole, StateVariableFilter } from '../synth/filter.ts';
import { Noise, Pulse, sine } from '../synth/oscillator.ts';
import { type Drum, type Hit, sampledDrum } from './voices.ts';

/** Returns a function of the level that falls by 60 dB in the given time, rising first so that nothing clicks. */
function strike(decaySeconds: number, riseSeconds = 0.0008): Hit {
  const fall = fallFactor(decaySeconds);
  const rise = 1 / Math.max(1, riseSeconds * SAMPLE_RATE);
  let level = 1;
  let onset = 0;
  return {
    next: () => {
      onset = Math.min(1, onset + rise);
      level *= fall;
      return level * onset;
    },
    done: () => level < 0.0003,
  };
}

export type KickOptions = { hertz: number; sweepHertz: number; decaySeconds: number; click: number };

/** Returns a bass drum: a sine that falls in pitch, with a short click. */
export function kick(options: KickOptions): Drum {
  return sampledDrum(() => {
    const body = strike(options.decaySeconds, 0.001);
    const click = strike(0.012);
    const noise = new Noise(17);
    const tone = new OnePole(4000);
    const sweepFall = fallFactor(0.11);
    let sweep = options.sweepHertz;
    let phase = 0;
    const next = (): number => {
      sweep *= sweepFall;
      phase += (options.hertz + sweep) / SAMPLE_RATE;
      return 0.75 * body.next() * sine(phase) + options.click * click.next() * tone.low(noise.next());
    };
    return { next, done: body.done };
  });
}

export type SnareOptions = {
  hertz: number;
  toneLevel: number;
  noiseHertz: number;
  decaySeconds: number;
  pan?: number;
};

/** Returns a snare: two modes of the head and the wires' filtered noise. */
export function snare(options: SnareOptions): Drum {
  return sampledDrum(
    (variation) => {
      const head = strike(options.decaySeconds * 0.7);
      const wires = strike(options.decaySeconds, 0.0012);
      const noise = new Noise(101 + variation * 13);
      const filter = new StateVariableFilter(options.noiseHertz, 0.15);
      const air = new OnePole(9500);
      let phase = 0;
      const next = (): number => {
        phase += options.hertz / SAMPLE_RATE;
        const tone = sine(phase) + 0.5 * sine(phase * 1.62);
        filter.feed(noise.next());
        const rattle = air.low(0.8 * filter.band + 0.35 * filter.high);
        return 0.5 * (options.toneLevel * head.next() * tone + wires.next() * rattle);
      };
      return { next, done: wires.done };
    },
    { pan: options.pan ?? 0, variations: 5 },
  );
}

/** Returns a hand clap: three quick bursts and a tail, slightly different in both ears. */
export function clap(decaySeconds = 0.35): Drum {
  return sampledDrum(() => {
    const tail = strike(decaySeconds, 0.001);
    const noise = new Noise(733);
    const filter = new StateVariableFilter(1450, 0.35);
    let frame = 0;
    const spacing = toFrames(0.0105);
    const next = (): number => {
      const burst = frame < spacing * 3 ? Math.exp(-((frame % spacing) / spacing) * 4) : 0;
      const onset = Math.min(1, frame / 40);
      frame++;
      filter.feed(noise.next());
      return onset * (0.55 * burst + 0.55 * tail.next()) * filter.band;
    };
    return { next, done: tail.done };
  });
}

export type HatOptions = { decaySeconds: number; hertz?: number; metal?: number; pan?: number };

const METAL_HERTZ = [317, 431, 547, 679, 821, 1013];

/** Returns a hi-hat or cymbal: bright noise and a cluster of clashing squares. */
export function hat(options: HatOptions): Drum {
  const metal = options.metal ?? 0.4;
  return sampledDrum(
    (variation) => {
      const level = strike(options.decaySeconds, 0.001);
      const noise = new Noise(3331 + variation * 17);
      const plates = METAL_HERTZ.map((hertz, n) => new Pulse(hertz * 4.1, 0.5, n * 0.17));
      const filter = new StateVariableFilter(options.hertz ?? 7800, 0.1);
      const air = new OnePole(12_500);
      const next = (): number => {
        let cluster = 0;
        for (const plate of plates) cluster += plate.next();
        filter.feed((1 - metal) * noise.next() + metal * 0.22 * cluster);
        return 0.36 * level.next() * air.low(filter.high);
      };
      return { next, done: level.done };
    },
    { pan: options.pan ?? 0, variations: 5 },
  );
}

/** Returns a shaker: a soft swell of bright noise. */
export function shaker(lengthSeconds = 0.09, pan = 0.3): Drum {
  return sampledDrum(
    (variation) => {
      const frames = toFrames(lengthSeconds);
      const noise = new Noise(5003 + variation * 29);
      const filter = new StateVariableFilter(6200, 0.2);
      let frame = 0;
      const next = (): number => {
        const turn = Math.min(1, frame++ / frames);
        filter.feed(noise.next());
        return 0.3 * Math.sin(Math.PI * turn) ** 2 * (filter.band + 0.4 * filter.high);
      };
      return { next, done: () => frame >= frames };
    },
    { pan, variations: 6 },
  );
}

/** Returns a cross-stick: a short wooden knock. */
export function rim(pan = -0.25): Drum {
  return sampledDrum(
    () => {
      const level = strike(0.07, 0.0006);
      const noise = new Noise(61);
      const filter = new StateVariableFilter(1900, 0.6);
      let phase = 0;
      const next = (): number => {
        phase += 1720 / SAMPLE_RATE;
        filter.feed(noise.next());
        return level.next() * (0.3 * sine(phase) + 0.22 * sine(phase * 0.41) + 0.25 * filter.band);
      };
      return { next, done: level.done };
    },
    { pan },
  );
}

/** Returns a tom-tom or low drum of the given pitch. */
export function tom(hertz: number, pan: number): Drum {
  return sampledDrum(
    () => {
      const level = strike(0.5, 0.0012);
      const sweepFall = fallFactor(0.2);
      let sweep = hertz * 0.5;
      let phase = 0;
      const next = (): number => {
        sweep *= sweepFall;
        phase += (hertz + sweep) / SAMPLE_RATE;
        return 0.6 * level.next() * (sine(phase) + 0.18 * sine(phase * 1.59));
      };
      return { next, done: level.done };
    },
    { pan },
  );
}

/** Returns the swish of a brush across the snare. */
export function brush(lengthSeconds: number, pan: number): Drum {
  return sampledDrum(
    (variation) => {
      const frames = toFrames(lengthSeconds);
      const noise = new Noise(907 + variation * 23);
      const filter = new StateVariableFilter(3200, 0.1);
      let frame = 0;
      const next = (): number => {
        const turn = Math.min(1, frame++ / frames);
        filter.feed(noise.next());
        return 0.22 * Math.sin(Math.PI * Math.sqrt(turn)) ** 2 * filter.band;
      };
      return { next, done: () => frame >= frames };
    },
    { pan, variations: 4 },
  );
}
