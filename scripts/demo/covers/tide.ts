import type { Random } from '../synth/random.ts';
import { grain, mixColours, n } from './svg.ts';

/** Layers of water, each a little deeper, with a pale moon where they begin. */
export function drawTide(random: Random): string {
  const layers = 38;
  const phases = Array.from({ length: 5 }, () => random.range(0, Math.PI * 2));
  const waves = Array.from({ length: layers }, (_, i) => {
    const part = i / (layers - 1);
    const colour =
      part < 0.5
        ? mixColours('#d9ebe4', '#4fa3a5', part * 2)
        : mixColours('#4fa3a5', '#0d2f45', part * 2 - 1);
    const base = 300 + part ** 1.15 * 680;
    const swing = 14 + part * 52;
    let path = 'M0 1000';
    for (let x = 0; x <= 1000; x += 20) {
      const turn = (x / 1000) * Math.PI * 2;
      const height =
        Math.sin(turn * 0.8 + (phases[0] ?? 0) + part * 5.2) * 0.6 +
        Math.sin(turn * 1.7 + (phases[1] ?? 0) - part * 7.1) * 0.3 +
        Math.sin(turn * 3.1 + (phases[2] ?? 0) + part * 11) * 0.14;
      path += `L${x} ${n(base + height * swing)}`;
    }
    return `<path d="${path}L1000 1000Z" fill="${colour}" stroke="#f4fbf7" stroke-opacity="${n(0.4 - part * 0.32)}" stroke-width="1.4"/>`;
  });
  return (
    `<defs><linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f2d8c9"/>` +
    `<stop offset="0.4" stop-color="#e6ebe2"/></linearGradient></defs>` +
    `<rect width="1000" height="1000" fill="url(#dusk)"/><circle cx="668" cy="232" r="104" fill="#fffaf0" opacity="0.95"/>` +
    `${waves.join('')}${grain(0.06)}`
  );
}
