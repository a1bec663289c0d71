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
  costBits: number;
};

/** Returns the cheapest description of a channel: silence as a constant, else the best fixed predictor. */
export function planSubframe(samples: Int32Array, bitsPerSample: number): Subframe {
  const first = samples[0] ?? 0;
  const base = { samples, bitsPerSample, order: 0, residual: samples, partitionOrder: 0, riceParameters: [] };
  if (samples.every((value) => value === first))
    return { ...base, kind: 'constant', costBits: 8 + bitsPerSample };
  const { order, residual } = bestPredictor(samples);
  const rice = planRice(residual, order, samples.length);
  return {
    ...base,
    kind: 'fixed',
    order,
    residual,
    ...rice,
    costBits: 8 + order * bitsPerSample + rice.costBits,
  };
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
      writer.writeUnary(folded >>> parameter);
      if (parameter > 0) writer.write(folded, parameter);
    }
  });
}

/** Maps signed to unsigned so that small magnitudes stay small: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
function fold(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function bestPredictor(samples: Int32Array): { order: number; residual: Int32Array } {
  let current = samples;
  let best = { order: 0, residual: samples };
  let bestSum = magnitude(samples, MAXIMUM_ORDER);
  for (let order = 1; order <= Math.min(MAXIMUM_ORDER, samples.length - 1); order++) {
    const next = new Int32Array(current.length - 1);
    for (let i = 0; i < next.length; i++) next[i] = (current[i + 1] ?? 0) - (current[i] ?? 0);
    current = next;
    const sum = magnitude(next, MAXIMUM_ORDER - order);
    if (sum < bestSum) {
      bestSum = sum;
      best = { order, residual: next };
    }
  }
  return best;
}

function magnitude(values: Int32Array, from: number): number {
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += Math.abs(values[i] ?? 0);
  return sum;
}

type RicePlan = { partitionOrder: number; riceParameters: readonly number[]; costBits: number };

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
  let best: RicePlan | undefined;
  for (let partitionOrder = finest; partitionOrder >= 0; partitionOrder--) {
    const length = blockLength >> partitionOrder;
    const plans = sums.map((sum, n) => riceFor(sum, n === 0 ? length - order : length));
    const costBits = 6 + plans.reduce((total, plan) => total + 4 + plan.bits, 0);
    if (best === undefined || costBits < best.costBits) {
      best = { partitionOrder, riceParameters: plans.map((plan) => plan.parameter), costBits };
    }
    sums = sums.flatMap((sum, n) => (n % 2 === 0 ? [sum + (sums[n + 1] ?? 0)] : []));
  }
  return best ?? { partitionOrder: 0, riceParameters: [0], costBits: 0 };
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
