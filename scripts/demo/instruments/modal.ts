import { add, at, BLOCK_FRAMES, createStereo, midiToHertz, panGains, SAMPLE_RATE } from '../synth/audio.ts';
import { fallFactor } from '../synth/envelope.ts';
import { OnePole } from '../synth/filter.ts';
import type { Voice } from '../synth/mixer.ts';
import { Noise } from '../synth/oscillator.ts';
import type { Instrument } from './voices.ts';

/** One resonance of a struck body; decay is the time in seconds to lose 60 dB. */
type Resonance = { hertz: number; level: number; decaySeconds: number; pan: number };

type Strike = {
  resonances: readonly Resonance[];
  attackSeconds: number;
  gateSeconds: number;
  releaseSeconds: number;
  /** The hammer's thump: level, brightness in hertz and length in seconds. */
  thump?: { level: number; hertz: number; decaySeconds: number; seed: number };
};

type Mode = {
  coefficient: number;
  damping: number;
  y1: number;
  y2: number;
  left: number;
  right: number;
  rest: number;
};

const scratch = createStereo(BLOCK_FRAMES);

/** Returns a voice that rings like a struck body: a sum of decaying sines, each a two-multiply recursion. */
function struck(strike: Strike): Voice {
  let modes = strike.resonances.filter(({ hertz }) => hertz < 16_000).map(startMode);
  const attackFrames = Math.max(1, strike.attackSeconds * SAMPLE_RATE);
  const gateFrames = strike.gateSeconds * SAMPLE_RATE;
  const release = fallFactor(strike.releaseSeconds);
  const thump = strike.thump === undefined ? undefined : new Thump(strike.thump);
  let frame = 0;
  let damper = 1;
  return {
    render(block, start, end) {
      scratch.left.fill(0, start, end);
      scratch.right.fill(0, start, end);
      for (const mode of modes) ring(mode, start, end);
      for (let i = start; i < end; i++) {
        if (frame > gateFrames) damper *= release;
        const level = damper * Math.min(1, frame / attackFrames);
        const hammer = thump === undefined ? 0 : thump.next();
        add(block.left, i, at(scratch.left, i) * level + hammer);
        add(block.right, i, at(scratch.right, i) * level + hammer);
        frame++;
      }
      modes = modes.filter((mode) => mode.rest > 0.000_05);
      return modes.length > 0 && damper > 0.0005;
    },
  };
}

function startMode(resonance: Resonance): Mode {
  const damping = fallFactor(resonance.decaySeconds);
  const omega = (2 * Math.PI * resonance.hertz) / SAMPLE_RATE;
  const gains = panGains(resonance.pan);
  return {
    coefficient: 2 * damping * Math.cos(omega),
    damping,
    y1: resonance.level * Math.sin(omega),
    y2: 0,
    left: gains.left,
    right: gains.right,
    rest: resonance.level,
  };
}

function ring(mode: Mode, start: number, end: number): void {
  const { coefficient, left, right } = mode;
  const square = mode.damping * mode.damping;
  let { y1, y2 } = mode;
  for (let i = start; i < end; i++) {
    add(scratch.left, i, y2 * left);
    add(scratch.right, i, y2 * right);
    const y = coefficient * y1 - square * y2;
    y2 = y1;
    y1 = y;
  }
  mode.y1 = y1;
  mode.y2 = y2;
  mode.rest *= mode.damping ** (end - start);
}

/** The thud of the hammer: a short burst of dull noise. */
class Thump {
  private readonly noise: Noise;
  private readonly low: OnePole;
  private readonly body = new OnePole(90);
  private readonly fall: number;
  private level: number;
  private rise = 0;

  constructor(options: { level: number; hertz: number; decaySeconds: number; seed: number }) {
    this.noise = new Noise(options.seed);
    this.low = new OnePole(options.hertz);
    this.fall = fallFactor(options.decaySeconds);
    this.level = options.level;
  }

  next(): number {
    if (this.level < 0.000_01) return 0;
    this.level *= this.fall;
    this.rise = Math.min(1, this.rise + 1 / 90);
    return this.body.high(this.low.low(this.noise.next())) * this.level * this.rise;
  }
}

/** Returns a felt-damped upright piano; `softness` 0 is plain, 1 is as if wrapped in wool. */
export function feltPiano(softness: number): Instrument {
  return (midi, velocity, seconds) => {
    const fundamental = midiToHertz(midi);
    const stiffness = 0.000_25 * 2 ** ((midi - 48) / 14);
    const count = Math.max(3, Math.min(12, Math.floor(5200 / fundamental)));
    const steepness = 1.15 + softness * 0.65 + (1 - velocity) * 0.6;
    const decay = 13 * 2 ** ((48 - midi) / 22);
    const pan = Math.max(-0.5, Math.min(0.5, (midi - 62) / 50));
    const resonances: Resonance[] = [];
    for (let n = 1; n <= count; n++) {
      const hertz = n * fundamental * Math.sqrt(1 + stiffness * n * n);
      const strikePoint = Math.abs(Math.sin((n * Math.PI) / 7.3));
      const level = (0.3 * velocity * (0.35 + strikePoint)) / n ** steepness;
      const decaySeconds = decay / (1 + 0.45 * (n - 1));
      resonances.push({ hertz: hertz * 0.999_75, level, decaySeconds, pan: pan - 0.18 });
      // The second string only matters where its beating can be heard.
      if (n > 5) continue;
      resonances.push({
        hertz: hertz * 1.000_25,
        level: level * 0.8,
        decaySeconds: decaySeconds * 0.55,
        pan: pan + 0.18,
      });
    }
    return struck({
      resonances,
      attackSeconds: 0.003 + softness * 0.005,
      gateSeconds: seconds,
      releaseSeconds: 0.45,
      thump: { level: 0.05 * velocity, hertz: 420, decaySeconds: 0.09, seed: midi * 7919 },
    });
  };
}

/** Returns a vibraphone played with soft mallets. */
export function vibraphone(decaySeconds = 4): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const pan = (midi - 70) / 40;
    return struck({
      resonances: [
        { hertz, level: 0.36 * velocity, decaySeconds, pan },
        { hertz: hertz * 1.0015, level: 0.1 * velocity, decaySeconds: decaySeconds * 0.8, pan: -pan },
        { hertz: hertz * 3.984, level: 0.07 * velocity ** 2, decaySeconds: decaySeconds * 0.22, pan },
        { hertz: hertz * 9.91, level: 0.02 * velocity ** 2, decaySeconds: 0.12, pan },
      ],
      attackSeconds: 0.004,
      gateSeconds: seconds,
      releaseSeconds: 0.8,
      thump: { level: 0.02 * velocity, hertz: 900, decaySeconds: 0.04, seed: midi * 104_729 },
    });
  };
}

/** Returns a glassy bell with long, slightly inharmonic resonances. */
export function glassBell(decaySeconds = 7): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const ratios = [1, 2.002, 2.997, 4.21, 5.43, 6.79];
    return struck({
      resonances: ratios.map((ratio, n) => ({
        hertz: hertz * ratio,
        level: (0.24 * velocity) / (n + 1) ** 1.5,
        decaySeconds: decaySeconds / (1 + n * 0.7),
        pan: n % 2 === 0 ? -0.35 : 0.35,
      })),
      attackSeconds: 0.006,
      gateSeconds: seconds,
      releaseSeconds: 3,
    });
  };
}
