import { at, type Stereo } from './audio.ts';
import { Noise } from './oscillator.ts';

/**
 * Returns the frames first…last (last excluded) as 16-bit samples per channel, with triangular dither,
 * which turns the rounding error into an even, inaudible hiss.
 */
export function quantise(
  audio: Stereo,
  first: number,
  last: number,
): { left: Int32Array; right: Int32Array } {
  const noise = new Noise(first + 1);
  const convert = (samples: Float32Array): Int32Array => {
    const result = new Int32Array(last - first);
    for (let i = 0; i < result.length; i++) {
      const dither = (noise.next() + noise.next()) / 2;
      const value = Math.round(at(samples, first + i) * 32_767 + dither);
      result[i] = Math.max(-32_768, Math.min(32_767, value));
    }
    return result;
  };
  return { left: convert(audio.left), right: convert(audio.right) };
}
