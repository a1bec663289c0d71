import { expect, it } from 'vitest';
import { Throughput } from './throughput.ts';

it('measures speed and what is left', () => {
  const throughput = new Throughput();
  throughput.note(0, 0);
  throughput.note(2000, 4_000_000);
  expect(throughput.bytesPerSecond()).toBe(2_000_000);
  expect(throughput.secondsLeft(10_000_000)).toBe(5);
});

it('says nothing before it knows enough', () => {
  const throughput = new Throughput();
  throughput.note(0, 0);
  throughput.note(100, 500_000);
  expect(throughput.bytesPerSecond()).toBeNull();
});

it('forgets what is long past', () => {
  const throughput = new Throughput();
  throughput.note(0, 0);
  throughput.note(20_000, 100_000_000);
  throughput.note(21_000, 101_000_000);
  expect(throughput.bytesPerSecond()).toBe(1_000_000);
});
