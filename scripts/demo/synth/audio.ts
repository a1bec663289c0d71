/** Frames per second of everything the demonstration catalogue renders. */
export const SAMPLE_RATE = 44_100;

/** Frames the mixer renders at a time: short enough (5.8 ms) for smooth automation, long enough to be quick. */
export const BLOCK_FRAMES = 256;

/** Two channels of equal length, samples nominally within −1…1. */
export type Stereo = { readonly left: Float32Array; readonly right: Float32Array };

/** Returns silence of the given length. */
export function createStereo(frames: number): Stereo {
  return { left: new Float32Array(frames), right: new Float32Array(frames) };
}

/** Reads a sample. The index must be inside: V8 makes every read slow once a single one was outside. */
export function at(samples: Float32Array, index: number): number {
  return samples[index] ?? 0;
}

/** Adds a value to a sample; the index must be inside. */
export function add(samples: Float32Array, index: number, value: number): void {
  samples[index] = (samples[index] ?? 0) + value;
}

/** Returns the amplitude factor of a level in decibels. */
export function decibels(level: number): number {
  return 10 ** (level / 20);
}

/** Returns the frequency in hertz of a MIDI note number (69 = A4 = 440 Hz). */
export function midiToHertz(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}

/** Returns whole frames for a time in seconds. */
export function toFrames(seconds: number): number {
  return Math.round(seconds * SAMPLE_RATE);
}

/** Returns the left and right factors of an equal-power pan; −1 is left, 1 is right. */
export function panGains(pan: number): { left: number; right: number } {
  const angle = ((Math.max(-1, Math.min(1, pan)) + 1) * Math.PI) / 4;
  return { left: Math.cos(angle) * Math.SQRT2, right: Math.sin(angle) * Math.SQRT2 };
}
