import type { BitWriter } from './bit-writer.ts';

const MAXIMUM_ORDER = 4;
const MAXIMUM_RICE = 14;
const MAXIMUM_PARTITION_ORDER = 6;

/** A channel of one block, ready to be written: predictor order, residual and what it will cost. */
export type Subframe = {
  samples: Int32Array;
  bitsPerSample: number;
  kind: 'constant' | 'fixed';
  order: number;
  residual: Int32Array;
  partitionOrder: number;
  riceParameters: readonly number[];
};

/** Returns a figure that grows with the size of a channel: the logarithm of its second differences. */
export function roughCost(samples: Int32Array): number {
  let sum = 0;
  let previous = 0;
  let older = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0;
    sum += Math.abs(value - 2 * previous + older);
    older = previous;
    previous = value;
  }
  return Math.log2(1 + sum);
}

/** Returns the cheapest description of a channel: silence as a constant, else the best fixed predictor. */
export function planSubframe(samples: Int32Array, bitsPerSample: number): Subframe {
  const first = samples[0] ?? 0;
  const base = { samples, bitsPerSample, order: 0, residual: samples, partitionOrder: 0, riceParameters: [] };
  if (samples.every((value) => value === first)) return { ...base, kind: 'constant' };
  const { order, residual } = bestPredictor(samples);
  return { ...base, kind: 'fixed', order, residual, ...planRice(residual, order, samples.length) };
}

/** Writes a planned channel. */
export function writeSubframe(writer: BitWriter, plan: Subframe): void {
  if (plan.kind === 'constant') {
    writer.write(0, 8);
    writer.write(plan.samples[0] ?? 0, plan.bitsPerSample);
    return;
  }
  writer.write((0b001000 | plan.order) << 1, 8);
  for (let i = 0; i < plan.order; i++) writer.write(plan.samples[i] ?? 0, plan.bitsPerSample);
  writer.write(0, 2);
  writer.write(plan.partitionOrder, 4);
  const partitionLength = plan.samples.length >> plan.partitionOrder;
  let index = 0;
  plan.riceParameters.forEach((parameter, partition) => {
    writer.write(parameter, 4);
    const end = (partition + 1) * partitionLength - plan.order;
    for (; index < end; index++) {
      const folded = fold(plan.residual[index] ?? 0);
      writer.writeRice(folded, parameter);
    }
  });
}

/** Maps signed to unsigned so that small magnitudes stay small: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
function fold(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function bestPredictor(samples: Int32Array): { order: number; residual: Int32Array } {
  const highest = Math.min(MAXIMUM_ORDER, samples.length - 1);
  const sums = differenceSums(samples);
  let order = 0;
  for (let candidate = 1; candidate <= highest; candidate++) {
    if ((sums[candidate] ?? 0) < (sums[order] ?? 0)) order = candidate;
  }
  let residual = samples;
  for (let n = 0; n < order; n++) residual = differences(residual);
  return { order, residual };
}

function differences(values: Int32Array): Int32Array {
  const result = new Int32Array(values.length - 1);
  let previous = values[0] ?? 0;
  for (let i = 0; i < result.length; i++) {
    const value = values[i + 1] ?? 0;
    result[i] = value - previous;
    previous = value;
  }
  return result;
}

/** Returns the sums of magnitudes of the samples and of their first to fourth differences, in one pass. */
function differenceSums(samples: Int32Array): number[] {
  let [sum0, sum1, sum2, sum3, sum4] = [0, 0, 0, 0, 0];
  let [last0, last1, last2, last3] = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] ?? 0;
    const first = value - last0;
    const second = first - last1;
    const third = second - last2;
    const fourth = third - last3;
    last0 = value;
    last1 = first;
    last2 = second;
    last3 = third;
    // The first few differences reach back before the block and mean nothing.
    if (i < MAXIMUM_ORDER) continue;
    sum0 += Math.abs(value);
    sum1 += Math.abs(first);
    sum2 += Math.abs(second);
    sum3 += Math.abs(third);
    sum4 += Math.abs(fourth);
  }
  return [sum0, sum1, sum2, sum3, sum4];
}

type RicePlan = { partitionOrder: number; riceParameters: readonly number[] };

function planRice(residual: Int32Array, order: number, blockLength: number): RicePlan {
  let finest = 0;
  while (
    finest < MAXIMUM_PARTITION_ORDER &&
    blockLength % (2 << finest) === 0 &&
    blockLength >> (finest + 1) > order
  ) {
    finest++;
  }
  let sums = partitionSums(residual, order, blockLength, finest);
  let best: (RicePlan & { costBits: number }) | undefined;
  for (let partitionOrder = finest; partitionOrder >= 0; partitionOrder--) {
    const length = blockLength >> partitionOrder;
    const plans = sums.map((sum, n) => riceFor(sum, n === 0 ? length - order : length));
    const costBits = 6 + plans.reduce((total, plan) => total + 4 + plan.bits, 0);
    if (best === undefined || costBits < best.costBits) {
      best = { partitionOrder, riceParameters: plans.map((plan) => plan.parameter), costBits };
    }
    sums = sums.flatMap((sum, n) => (n % 2 === 0 ? [sum + (sums[n + 1] ?? 0)] : []));
  }
  return best ?? { partitionOrder: 0, riceParameters: [0] };
}

function partitionSums(
  residual: Int32Array,
  order: number,
  blockLength: number,
  partitionOrder: number,
): number[] {
  const length = blockLength >> partitionOrder;
  const sums = new Array<number>(1 << partitionOrder).fill(0);
  for (let partition = 0; partition < sums.length; partition++) {
    const end = (partition + 1) * length - order;
    let sum = 0;
    for (let i = Math.max(0, partition * length - order); i < end; i++) sum += fold(residual[i] ?? 0);
    sums[partition] = sum;
  }
  return sums;
}

/** Returns the Rice parameter for values of a known sum, with an estimate of the bits it takes. */
function riceFor(sum: number, count: number): { parameter: number; bits: number } {
  let best = { parameter: 0, bits: Number.POSITIVE_INFINITY };
  for (let parameter = 0; parameter <= MAXIMUM_RICE; parameter++) {
    const bits =
      count * (parameter + 1) + Math.max(0, (sum - count * (2 ** parameter - 1) * 0.5) / 2 ** parameter);
    if (bits < best.bits) best = { parameter, bits };
  }
  return best;
}
