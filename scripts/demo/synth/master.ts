import { at, decibels, SAMPLE_RATE, type Stereo, toFrames } from './audio.ts';
import { Biquad, highPass } from './filter.ts';
import { measureLoudness } from './loudness.ts';

export type MasterOptions = {
  /** Integrated loudness to arrive at, in LUFS. */
  targetLufs: number;
  /** Highest sample level, in dBFS; a decibel of room is left for what lies between the samples. */
  ceilingDb?: number;
};

const LOOK_AHEAD_SECONDS = 0.004;
const RELEASE_SECONDS = 0.18;

/**
 * Masters a mix in place: removes what lies below hearing, brings it to the target loudness and holds
 * the peaks under the ceiling. Returns the loudness before, in LUFS, and the limiter's deepest cut, in dB.
 */
export function master(mix: Stereo, options: MasterOptions): { mixLufs: number; deepestCutDb: number } {
  removeRumble(mix.left);
  removeRumble(mix.right);
  const mixLufs = measureLoudness(mix);
  const ceiling = decibels(options.ceilingDb ?? -1.5);
  let gain = decibels(options.targetLufs - mixLufs);
  let curve = limiterCurve(mix, gain, ceiling);
  // The limiter takes a little loudness with the peaks: one correction brings it back.
  const lost = options.targetLufs - measureLoudness(mix, curve);
  if (Math.abs(lost) > 0.15) {
    gain *= decibels(Math.max(-2, Math.min(2, lost)));
    curve = limiterCurve(mix, gain, ceiling);
  }
  let deepest = 1;
  for (let i = 0; i < curve.length; i++) {
    deepest = Math.min(deepest, at(curve, i) / gain);
    mix.left[i] = at(mix.left, i) * at(curve, i);
    mix.right[i] = at(mix.right, i) * at(curve, i);
  }
  return { mixLufs, deepestCutDb: 20 * Math.log10(deepest) };
}

/** Fades the ends of a piece in place, so that it neither starts nor stops with a step. */
export function fadeEnds(audio: Stereo, inSeconds: number, outSeconds: number): void {
  const inFrames = toFrames(inSeconds);
  const outFrames = toFrames(outSeconds);
  const total = audio.left.length;
  for (let i = 0; i < Math.min(total, inFrames); i++) scaleFrame(audio, i, i / inFrames);
  for (let i = 0; i < Math.min(total, outFrames); i++) {
    const turn = i / outFrames;
    scaleFrame(audio, total - 1 - i, turn * turn * (3 - 2 * turn));
  }
}

function scaleFrame(audio: Stereo, index: number, gain: number): void {
  audio.left[index] = at(audio.left, index) * gain;
  audio.right[index] = at(audio.right, index) * gain;
}

function removeRumble(samples: Float32Array): void {
  const filter = new Biquad(highPass(24));
  for (let i = 0; i < samples.length; i++) samples[i] = filter.next(at(samples, i));
}

/**
 * Returns the gain for every frame: the wanted gain, lowered smoothly ahead of each peak that would
 * pass the ceiling and let go slowly after it.
 */
function limiterCurve(mix: Stereo, gain: number, ceiling: number): Float32Array {
  const curve = new Float32Array(mix.left.length);
  for (let i = 0; i < curve.length; i++) {
    const peak = Math.max(Math.abs(at(mix.left, i)), Math.abs(at(mix.right, i)));
    curve[i] = peak * gain > ceiling ? ceiling / peak : gain;
  }
  const window = toFrames(LOOK_AHEAD_SECONDS);
  holdMinimum(curve, window, gain);
  average(curve, window, gain);
  return curve;
}

/** Replaces each gain by the lowest within the window ahead, followed by a slow release. */
function holdMinimum(curve: Float32Array, window: number, gain: number): void {
  const release = 1 - Math.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE));
  // Frames whose gain is lower than all between them and the newest: the first one is the minimum.
  const candidates = new Int32Array(window + 2);
  let head = 0;
  let tail = 0;
  let level = gain;
  for (let newest = 0; newest < curve.length + window; newest++) {
    if (newest < curve.length) {
      const value = at(curve, newest);
      while (tail > head && at(curve, candidates[(tail - 1) % candidates.length] ?? 0) >= value) tail--;
      candidates[tail++ % candidates.length] = newest;
    }
    const frame = newest - window;
    if (frame < 0) continue;
    while (tail > head && (candidates[head % candidates.length] ?? 0) < frame) head++;
    const lowest = tail > head ? at(curve, candidates[head % candidates.length] ?? 0) : gain;
    level = lowest < level ? lowest : level + (lowest - level) * release;
    curve[frame] = level;
  }
}

/** Replaces each gain by the mean of the window behind it, so that the gain never jumps. */
function average(curve: Float32Array, window: number, gain: number): void {
  const recent = new Float32Array(window).fill(gain);
  let sum = gain * window;
  for (let i = 0; i < curve.length; i++) {
    const slot = i % window;
    sum += at(curve, i) - at(recent, slot);
    recent[slot] = at(curve, i);
    curve[i] = sum / window;
  }
}
