import { add, SAMPLE_RATE } from '../synth/audio.ts';
import { OnePole, StateVariableFilter } from '../synth/filter.ts';
import type { Voice } from '../synth/mixer.ts';
import { Noise, sine } from '../synth/oscillator.ts';
import type { Random } from '../synth/random.ts';

/** Returns the crackle and hiss of a well-loved record. */
export function vinyl(random: Random, seconds: number): Voice {
  const total = seconds * SAMPLE_RATE;
  const noise = new Noise(random.integer(1, 1_000_000));
  const hiss = new OnePole(5200);
  const left = new StateVariableFilter(2600, 0.7);
  const right = new StateVariableFilter(1700, 0.7);
  let frame = 0;
  let nextTick = 0;
  return {
    render(block, start, end) {
      // Once a block is often enough for anything that moves this slowly.
      const edge = fadeEdges(frame, total);
      for (let i = start; i < end; i++) {
        let impulse = 0;
        let side = 0;
        if (frame >= nextTick) {
          nextTick = frame - Math.log(1 - random.next()) * 0.17 * SAMPLE_RATE;
          impulse = (0.04 + 0.5 * random.next() ** 4) * (random.chance(0.5) ? 1 : -1);
          side = random.range(-0.8, 0.8);
        }
        left.feed(impulse * (1 - side));
        right.feed(impulse * (1 + side));
        frame++;
        const air = hiss.low(noise.next()) * 0.012;
        add(block.left, i, edge * (air + left.band));
        add(block.right, i, edge * (air + right.band));
      }
      return frame < total;
    },
  };
}

/** Returns waves on a shore, or rain when `swell` is 0: noise that comes and goes, wide in stereo. */
export function water(random: Random, seconds: number, cornerHertz: number, swell: number): Voice {
  const total = seconds * SAMPLE_RATE;
  const leftNoise = new Noise(random.integer(1, 1_000_000));
  const rightNoise = new Noise(random.integer(1, 1_000_000));
  const left = new OnePole(cornerHertz);
  const right = new OnePole(cornerHertz);
  const leftFloor = new OnePole(160);
  const rightFloor = new OnePole(160);
  const drift = random.next();
  let frame = 0;
  return {
    render(block, start, end) {
      const time = frame / SAMPLE_RATE;
      const wave = 0.5 + 0.5 * sine(time * 0.093 + drift) * sine(time * 0.041 + drift * 2);
      const other = 0.5 + 0.5 * sine(time * 0.077 + drift * 3) * sine(time * 0.053);
      const edge = fadeEdges(frame, total) * 0.2;
      const leftLevel = edge * (1 - swell + swell * wave);
      const rightLevel = edge * (1 - swell + swell * other);
      frame += end - start;
      for (let i = start; i < end; i++) {
        add(block.left, i, leftLevel * leftFloor.high(left.low(leftNoise.next())));
        add(block.right, i, rightLevel * rightFloor.high(right.low(rightNoise.next())));
      }
      return frame < total;
    },
  };
}

/** Returns a riser: noise whose colour climbs towards a downbeat. */
export function riser(seconds: number, seed: number): Voice {
  const total = seconds * SAMPLE_RATE;
  const noise = new Noise(seed);
  const filter = new StateVariableFilter(400, 0.45);
  let frame = 0;
  return {
    render(block, start, end) {
      for (let i = start; i < end; i++) {
        const part = frame / total;
        if ((frame & 31) === 0) filter.tune(300 * 22 ** part, 0.45);
        filter.feed(noise.next());
        const level = frame < total ? part * part * Math.min(1, (total - frame) / 2000) : 0;
        const side = 0.25 * sine((frame / SAMPLE_RATE) * 1.7);
        add(block.left, i, 0.22 * level * filter.band * (1 + side));
        add(block.right, i, 0.22 * level * filter.band * (1 - side));
        frame++;
      }
      return frame < total;
    },
  };
}

function fadeEdges(frame: number, total: number): number {
  const fade = 1.5 * SAMPLE_RATE;
  return Math.max(0, Math.min(1, frame / fade, (total - frame) / fade));
}
