import { midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { Envelope, type EnvelopeShape } from '../synth/envelope.ts';
import { OnePole } from '../synth/filter.ts';
import { Pulse, sine } from '../synth/oscillator.ts';
import { type Drum, type Instrument, MonoVoice, sampledDrum } from './voices.ts';

/** The rate at which an old console's sound driver moved: sixty steps a second. */
const TICK_FRAMES = Math.round(SAMPLE_RATE / 60);

type PulseOptions = { width: number; shape: EnvelopeShape; level: number; roundHertz: number; pan: number };

/** A pulse whose pitch follows a function of the driver's ticks. */
class PulseVoice extends MonoVoice {
  private readonly pulse: Pulse;
  private readonly envelope: Envelope;
  private readonly round: OnePole;
  private readonly level: number;
  private readonly hertzAt: (tick: number) => number;
  private frame = 0;

  constructor(options: PulseOptions, seconds: number, hertzAt: (tick: number) => number) {
    super(options.pan);
    this.pulse = new Pulse(hertzAt(0), options.width);
    this.envelope = new Envelope(options.shape, seconds);
    this.round = new OnePole(options.roundHertz);
    this.level = options.level;
    this.hertzAt = hertzAt;
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    if (this.frame % TICK_FRAMES === 0) this.pulse.hertz = this.hertzAt(this.frame / TICK_FRAMES);
    this.frame++;
    return this.level * this.envelope.next() * this.round.low(this.pulse.next());
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}

/** Returns a pulse voice of the given width with a vibrato that sets in after a while. */
export function chipPulse(width: number, shape: EnvelopeShape, pan = 0): Instrument {
  return (midi, velocity, seconds) => {
    const hertz = midiToHertz(midi);
    const vibrato = (tick: number): number => hertz * (1 + (tick > 12 ? 0.006 * sine(tick / 10) : 0));
    return new PulseVoice(
      { width, shape, level: 0.15 * velocity, roundHertz: 11_000, pan },
      seconds,
      vibrato,
    );
  };
}

/** Returns a voice that runs through a chord so fast that it sounds like one colour. */
export function chipArpeggio(notes: readonly number[], velocity: number, seconds: number): MonoVoice {
  const hertz = notes.map(midiToHertz);
  const shape = { attack: 0.004, decay: 0.8, sustain: 0.45, release: 0.08 };
  const options = { width: 0.25, shape, level: 0.13 * velocity, roundHertz: 7000, pan: 0 };
  return new PulseVoice(options, seconds, (tick) => hertz[Math.floor(tick / 2) % hertz.length] ?? 440);
}

/** Returns a triangle bass in sixteen steps, as the old chips drew it. */
export function chipTriangle(): Instrument {
  return (midi, velocity, seconds) => new TriangleVoice(midi, velocity, seconds);
}

class TriangleVoice extends MonoVoice {
  private readonly step: number;
  private readonly level: number;
  private readonly envelope: Envelope;
  private readonly round = new OnePole(5200);
  private phase = 0.25;

  constructor(midi: number, velocity: number, seconds: number) {
    super();
    this.step = midiToHertz(midi) / SAMPLE_RATE;
    this.level = 0.3 * velocity;
    this.envelope = new Envelope({ attack: 0.003, decay: 0.1, sustain: 1, release: 0.03 }, seconds);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    this.phase += this.step;
    if (this.phase >= 1) this.phase -= 1;
    const stair = Math.round(15 * (1 - Math.abs(2 * this.phase - 1))) / 7.5 - 1;
    return this.level * this.envelope.next() * this.round.low(stair);
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}

/** Returns a drum from a shift register's noise, clocked at a rate in hertz that can fall during the hit. */
export function chipNoise(clockHertz: number, fallPerSecond: number, decaySeconds: number): Drum {
  return sampledDrum(() => {
    const envelope = new Envelope(
      { attack: 0.0015, decay: decaySeconds, sustain: 0, release: 0.01 },
      decaySeconds,
    );
    const round = new OnePole(8500);
    let register = 0x4321;
    let clock = 0;
    let hertz = clockHertz;
    let held = 0;
    let mean = 0;
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
      mean += 0.003 * (held - mean);
      return 0.22 * envelope.next() * round.low(held - mean);
    };
    return { next, done: () => envelope.done };
  });
}
