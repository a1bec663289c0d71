import { SAMPLE_RATE } from './audio.ts';

/** The shape of a held note: rise, fall to the sustained level, fade after the gate. Times in seconds. */
export type EnvelopeShape = { attack: number; decay: number; sustain: number; release: number };

const SILENT = 0.0002;

/** An envelope with a straight rise and exponential falls, opened for a known time. */
export class Envelope {
  private level = 0;
  private frame = 0;
  private readonly gateFrames: number;
  private readonly attackFrames: number;
  private readonly decayFactor: number;
  private readonly releaseFactor: number;
  private readonly sustain: number;

  constructor(shape: EnvelopeShape, gateSeconds: number) {
    this.gateFrames = Math.max(1, Math.round(gateSeconds * SAMPLE_RATE));
    this.attackFrames = Math.max(1, Math.round(shape.attack * SAMPLE_RATE));
    this.decayFactor = fallFactor(shape.decay);
    this.releaseFactor = fallFactor(shape.release);
    this.sustain = shape.sustain;
  }

  /** Returns the level, 0…1, of the next frame. */
  next(): number {
    if (this.frame >= this.gateFrames) this.level *= this.releaseFactor;
    else if (this.frame < this.attackFrames) this.level = this.frame / this.attackFrames;
    else this.level = this.sustain + (this.level - this.sustain) * this.decayFactor;
    this.frame++;
    return this.level;
  }

  /** Whether nothing audible follows. */
  get done(): boolean {
    return this.frame > this.gateFrames && this.level < SILENT;
  }
}

/** Returns the factor per frame of an exponential fall that has lost 60 dB after the given seconds. */
export function fallFactor(seconds: number): number {
  return Math.exp(-6.907_755 / Math.max(1, seconds * SAMPLE_RATE));
}
