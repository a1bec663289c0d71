/**
 * Returns how a total is shared among `count` things so that the n-th gets a share of n^-exponent (Zipf's law), in whole
 * numbers that add up to the total.
 */
export function shares(count: number, exponent: number, total: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const whole = weights.map((weight) => Math.floor((weight / sum) * total));
  const missing = total - whole.reduce((all, value) => all + value, 0);
  for (let i = 0; i < missing; i++) whole[i % count] = (whole[i % count] ?? 0) + 1;
  return whole;
}
