import { SAMPLE_RATE } from './audio.ts';

/** A state-variable filter (trapezoidal, stable under fast modulation): one input, three outputs. */
export class StateVariableFilter {
  low = 0;
  band = 0;
  high = 0;
  private g = 0;
  private k = 1;
  private a1 = 0;
  private first = 0;
  private second = 0;

  constructor(hertz: number, resonance = 0) {
    this.tune(hertz, resonance);
  }

  /** Sets the corner in hertz and the resonance, 0 (none) … 1 (self-oscillation). */
  tune(hertz: number, resonance: number): void {
    this.g = Math.tan((Math.PI * Math.max(10, Math.min(hertz, SAMPLE_RATE * 0.45))) / SAMPLE_RATE);
    this.k = 2 - 2 * Math.min(0.97, resonance);
    this.a1 = 1 / (1 + this.g * (this.g + this.k));
  }

  /** Feeds one sample and updates the three outputs. */
  feed(input: number): void {
    const v3 = input - this.second;
    const band = this.a1 * (this.first + this.g * v3);
    const low = this.second + this.g * band;
    this.first = 2 * band - this.first;
    this.second = 2 * low - this.second;
    this.band = band;
    this.low = low;
    this.high = input - this.k * band - low;
  }
}

/** A one-pole low-pass: 6 dB an octave, for gentle darkening. */
export class OnePole {
  private value = 0;
  private factor = 0;

  constructor(hertz: number) {
    this.tune(hertz);
  }

  tune(hertz: number): void {
    this.factor = 1 - Math.exp((-2 * Math.PI * hertz) / SAMPLE_RATE);
  }

  low(input: number): number {
    this.value += this.factor * (input - this.value);
    return this.value;
  }

  high(input: number): number {
    return input - this.low(input);
  }
}

type Coefficients = { b0: number; b1: number; b2: number; a1: number; a2: number };

/** A second-order filter with fixed coefficients. */
export class Biquad {
  private readonly c: Coefficients;
  private s1 = 0;
  private s2 = 0;

  constructor(coefficients: Coefficients) {
    this.c = coefficients;
  }

  next(input: number): number {
    const output = this.c.b0 * input + this.s1;
    this.s1 = this.c.b1 * input - this.c.a1 * output + this.s2;
    this.s2 = this.c.b2 * input - this.c.a2 * output;
    return output;
  }
}

/** Returns the coefficients of a second-order high-pass (12 dB an octave). */
export function highPass(hertz: number, q = Math.SQRT1_2): Coefficients {
  const { cos, alpha } = corner(hertz, q);
  const a0 = 1 + alpha;
  const b = (1 + cos) / 2 / a0;
  return { b0: b, b1: -2 * b, b2: b, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

/** Returns the coefficients of a bell that lifts or lowers the region around a frequency. */
export function bell(hertz: number, gainDb: number, q = 1): Coefficients {
  const { cos, alpha } = corner(hertz, q);
  const a = 10 ** (gainDb / 40);
  const a0 = 1 + alpha / a;
  return {
    b0: (1 + alpha * a) / a0,
    b1: (-2 * cos) / a0,
    b2: (1 - alpha * a) / a0,
    a1: (-2 * cos) / a0,
    a2: (1 - alpha / a) / a0,
  };
}

/** Returns the coefficients of a high shelf: everything well above the corner changes by the gain. */
export function highShelf(hertz: number, gainDb: number, q = Math.SQRT1_2): Coefficients {
  const { cos, alpha } = corner(hertz, q);
  const a = 10 ** (gainDb / 40);
  const root = 2 * Math.sqrt(a) * alpha;
  const a0 = a + 1 - (a - 1) * cos + root;
  return {
    b0: (a * (a + 1 + (a - 1) * cos + root)) / a0,
    b1: (-2 * a * (a - 1 + (a + 1) * cos)) / a0,
    b2: (a * (a + 1 + (a - 1) * cos - root)) / a0,
    a1: (2 * (a - 1 - (a + 1) * cos)) / a0,
    a2: (a + 1 - (a - 1) * cos - root) / a0,
  };
}

/** Returns the coefficients of a low shelf: everything well below the corner changes by the gain. */
export function lowShelf(hertz: number, gainDb: number, q = Math.SQRT1_2): Coefficients {
  const { cos, alpha } = corner(hertz, q);
  const a = 10 ** (gainDb / 40);
  const root = 2 * Math.sqrt(a) * alpha;
  const a0 = a + 1 + (a - 1) * cos + root;
  return {
    b0: (a * (a + 1 - (a - 1) * cos + root)) / a0,
    b1: (2 * a * (a - 1 - (a + 1) * cos)) / a0,
    b2: (a * (a + 1 - (a - 1) * cos - root)) / a0,
    a1: (-2 * (a - 1 + (a + 1) * cos)) / a0,
    a2: (a + 1 + (a - 1) * cos - root) / a0,
  };
}

function corner(hertz: number, q: number): { cos: number; alpha: number } {
  const omega = (2 * Math.PI * hertz) / SAMPLE_RATE;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}
