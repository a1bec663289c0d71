import { midiToHertz, SAMPLE_RATE } from '../synth/audio.ts';
import { Envelope, fallFactor } from '../synth/envelope.ts';
import { OnePole } from '../synth/filter.ts';
import { Noise, sine } from '../synth/oscillator.ts';
import { type Instrument, MonoVoice } from './voices.ts';

/** Returns a tine electric piano (frequency modulation): mellow when soft, barking when struck hard. */
export function electricPiano(brightness = 1): Instrument {
  return (midi, velocity, seconds) => new TineVoice(midi, velocity, seconds, brightness);
}

class TineVoice extends MonoVoice {
  private readonly step: number;
  private readonly ratio: number;
  private readonly level: number;
  private readonly envelope: Envelope;
  private readonly bodyFall = fallFactor(2.4);
  private readonly tineFall = fallFactor(0.55);
  private body: number;
  private tine: number;
  private phase = 0;

  constructor(midi: number, velocity: number, seconds: number, brightness: number) {
    super((midi - 62) / 60);
    const hertz = midiToHertz(midi);
    this.step = hertz / SAMPLE_RATE;
    this.ratio = Math.min(14, Math.max(3, Math.floor(7000 / hertz)));
    this.level = 0.24 * velocity;
    this.body = brightness * (0.25 + 1.1 * velocity) * MODULATION_TURNS;
    this.tine = brightness * 0.22 * velocity * MODULATION_TURNS;
    this.envelope = new Envelope({ attack: 0.003, decay: 7, sustain: 0, release: 0.35 }, seconds);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    this.body *= this.bodyFall;
    this.tine *= this.tineFall;
    this.phase += this.step;
    const bark = (this.body + 0.019) * sine(this.phase);
    const ping = this.tine * sine(this.phase * this.ratio);
    return this.level * this.envelope.next() * sine(this.phase + bark + ping);
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}

/** One radian of modulation, in turns. */
const MODULATION_TURNS = 1 / (2 * Math.PI);

/** Returns a soft wooden flute with breath and a vibrato that sets in late. */
export function flute(): Instrument {
  return (midi, velocity, seconds) => new FluteVoice(midi, velocity, seconds);
}

class FluteVoice extends MonoVoice {
  private readonly hertz: number;
  private readonly velocity: number;
  private readonly envelope: Envelope;
  private readonly noise: Noise;
  private readonly breath: OnePole;
  private readonly body: OnePole;
  private phase = 0;
  private frame = 0;
  private burst = 1;
  private readonly burstFall = fallFactor(0.38);

  constructor(midi: number, velocity: number, seconds: number) {
    super();
    this.hertz = midiToHertz(midi);
    this.velocity = velocity;
    this.envelope = new Envelope({ attack: 0.055, decay: 0.4, sustain: 0.82, release: 0.16 }, seconds);
    this.noise = new Noise(midi * 31 + Math.round(seconds * 1000));
    this.breath = new OnePole(this.hertz * 2.2);
    this.body = new OnePole(this.hertz * 0.8);
  }

  protected fill(out: Float32Array, start: number, end: number): void {
    for (let i = start; i < end; i++) out[i] = this.next();
  }

  private next(): number {
    const time = this.frame++ / SAMPLE_RATE;
    const depth = Math.min(1, Math.max(0, (time - 0.22) / 0.4));
    const sway = depth * sine(time * 5.1);
    this.phase += (this.hertz / SAMPLE_RATE) * (1 + 0.0045 * sway);
    this.burst *= this.burstFall;
    const air = this.body.high(this.breath.low(this.noise.next())) * (0.1 + 0.25 * this.burst);
    const overtones = 0.28 * sine(this.phase * 2) + 0.12 * sine(this.phase * 3);
    const level = 0.26 * this.velocity * this.envelope.next() * (1 + 0.1 * sway);
    return level * (sine(this.phase) + this.velocity * overtones + air);
  }

  protected get done(): boolean {
    return this.envelope.done;
  }
}
