import { at, SAMPLE_RATE, type Stereo } from './audio.ts';
import { Biquad } from './filter.ts';

const BLOCK_SECONDS = 0.4;
const HOP_SECONDS = 0.1;

/** The K-weighting filters of ITU-R BS.1770 at 44.1 kHz. */
const SHELF = {
  b0: 1.530_841_230_050_347_8,
  b1: -2.650_979_995_154_729,
  b2: 1.169_079_079_921_587_1,
  a1: -1.663_655_113_256_020_4,
  a2: 0.712_595_428_073_225_6,
};
const HIGH_PASS = {
  b0: 0.999_560_064_542_514_3,
  b1: -1.999_120_129_085_028_7,
  b2: 0.999_560_064_542_514_3,
  a1: -1.989_169_673_629_796_4,
  a2: 0.989_199_035_787_038_9,
};

/**
 * Returns the integrated loudness in LUFS (EBU R128, both gates); −Infinity for silence.
 * With `gains` it measures the audio as if each frame were multiplied by its gain.
 */
export function measureLoudness(audio: Stereo, gains?: Float32Array): number {
  const hop = Math.round(HOP_SECONDS * SAMPLE_RATE);
  const hopsPerBlock = Math.round(BLOCK_SECONDS / HOP_SECONDS);
  const left = hopEnergies(audio.left, hop, gains);
  const right = hopEnergies(audio.right, hop, gains);
  const blocks: number[] = [];
  for (let i = 0; i + hopsPerBlock <= left.length; i++) {
    let sum = 0;
    for (let n = 0; n < hopsPerBlock; n++) sum += at(left, i + n) + at(right, i + n);
    blocks.push(sum / (hopsPerBlock * hop));
  }
  const audible = blocks.filter((energy) => toLufs(energy) > -70);
  const relativeGate = toLufs(mean(audible)) - 10;
  return toLufs(mean(audible.filter((energy) => toLufs(energy) > relativeGate)));
}

function hopEnergies(samples: Float32Array, hop: number, gains?: Float32Array): Float32Array {
  const shelf = new Biquad(SHELF);
  const highPass = new Biquad(HIGH_PASS);
  const energies = new Float32Array(Math.floor(samples.length / hop));
  for (let block = 0; block < energies.length; block++) {
    let sum = 0;
    for (let i = block * hop; i < (block + 1) * hop; i++) {
      const weighted = highPass.next(shelf.next(at(samples, i) * (gains === undefined ? 1 : at(gains, i))));
      sum += weighted * weighted;
    }
    energies[block] = sum;
  }
  return energies;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toLufs(energy: number): number {
  return energy <= 0 ? Number.NEGATIVE_INFINITY : -0.691 + 10 * Math.log10(energy);
}
