import type { Random } from '../synth/random.ts';
import { grain, n } from './svg.ts';

/** Morning light from a window with many panes, falling on a bare wall. */
export function drawWindow(random: Random): string {
  const panes: string[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 2; column++) {
      const left = 300 + column * 210;
      const top = 150 + row * 218;
      const skew = 96;
      const points = [
        [left, top + 40],
        [left + 186, top + 40 - skew * 0.5],
        [left + 186, top + 234 - skew * 0.5],
        [left, top + 234],
      ].map(([x = 0, y = 0]) => `${n(x + random.range(-2, 2))},${n(y + random.range(-2, 2))}`);
      const warmth = random.range(0.72, 0.95);
      panes.push(`<polygon points="${points.join(' ')}" fill="#fff6e3" opacity="${n(warmth)}"/>`);
    }
  }
  const branches = Array.from({ length: 9 }, () => leafTwig(random));
  return (
    `<defs><linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#8d97a3"/>` +
    `<stop offset="0.55" stop-color="#c3beb8"/><stop offset="1" stop-color="#86808a"/></linearGradient>` +
    `<radialGradient id="bloom" cx="0.5" cy="0.5" r="0.5"><stop offset="0" stop-color="#fff0d0" stop-opacity="0.8"/>` +
    `<stop offset="1" stop-color="#fff0d0" stop-opacity="0"/></radialGradient>` +
    `<filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter>` +
    `<filter id="softer" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="11"/></filter></defs>` +
    `<rect width="1000" height="1000" fill="url(#wall)"/>` +
    `<ellipse cx="510" cy="480" rx="430" ry="470" fill="url(#bloom)"/>` +
    `<g filter="url(#soft)">${panes.join('')}</g>` +
    `<g filter="url(#softer)" stroke="#77727c" fill="#77727c" opacity="0.62">${branches.join('')}</g>` +
    `<rect y="902" width="1000" height="98" fill="#4d4a55"/><rect y="894" width="1000" height="9" fill="#e9dfd0" opacity="0.75"/>` +
    grain(0.1)
  );
}

/** The shadow of a twig that reaches in from the right. */
function leafTwig(random: Random): string {
  const y = random.range(120, 560);
  const endX = random.range(380, 640);
  const endY = y + random.range(-60, 190);
  const leaves = Array.from({ length: 7 }, (_, i) => {
    const part = 0.25 + i * 0.11;
    const x = 1000 + (endX - 1000) * part;
    const leafY = y + (endY - y) * part + random.range(-26, 26);
    return `<ellipse cx="${n(x)}" cy="${n(leafY)}" rx="${n(random.range(16, 34))}" ry="${n(random.range(6, 12))}" stroke="none" transform="rotate(${n(random.range(-50, 50))} ${n(x)} ${n(leafY)})"/>`;
  });
  return `<path d="M1000 ${n(y)}Q${n((1000 + endX) / 2)} ${n(y - 40)} ${n(endX)} ${n(endY)}" fill="none" stroke-width="5"/>${leaves.join('')}`;
}
