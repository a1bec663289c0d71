import type { Random } from '../synth/random.ts';
import { grain, mixColours, n, verticalGradient } from './svg.ts';

/** Ribbons of steam that rise from a bowl and fold into one another. */
export function drawSteam(random: Random): string {
  const ribbons = Array.from({ length: 26 }, (_, i) => {
    const part = i / 25;
    const colour =
      part < 0.5
        ? mixColours('#fff3df', '#f3b283', part * 2)
        : mixColours('#f3b283', '#b4553c', part * 2 - 1);
    const width = random.range(16, 64) * (1.1 - part * 0.5);
    return `<path d="${ribbon(random)}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-linecap="round" opacity="${n(random.range(0.16, 0.4))}"/>`;
  });
  return (
    `<defs>${verticalGradient('wall', [
      [0, '#3b2a35'],
      [0.55, '#8a4a43'],
      [1, '#d98a5b'],
    ])}${verticalGradient('bowl', [
      [0, '#2a1d28'],
      [1, '#150e16'],
    ])}<radialGradient id="lamp"><stop offset="0" stop-color="#ffd9a0" stop-opacity="0.85"/><stop offset="1" stop-color="#ffd9a0" stop-opacity="0"/></radialGradient></defs>` +
    `<rect width="1000" height="1000" fill="url(#wall)"/>` +
    `<circle cx="690" cy="300" r="420" fill="url(#lamp)"/>${ribbons.join('')}` +
    `<ellipse cx="500" cy="802" rx="262" ry="34" fill="#5b3333"/>` +
    `<path d="M238 800a262 190 0 0 0 524 0Z" fill="url(#bowl)"/>` +
    `<path d="M238 800a262 34 0 0 0 524 0a262 34 0 0 0 -524 0Z" fill="#c9704a" opacity="0.75"/>` +
    `<path d="M262 850a240 128 0 0 0 60 70" fill="none" stroke="#f3c9a0" stroke-width="5" stroke-linecap="round" opacity="0.4"/>` +
    grain(0.09)
  );
}

function ribbon(random: Random): string {
  let x = random.range(330, 670);
  let y = 800;
  let path = `M${n(x)} ${y}`;
  let swing = random.chance(0.5) ? 1 : -1;
  for (let i = 0; i < 4; i++) {
    const reach = random.range(50, 150) * (0.6 + i * 0.25);
    const rise = random.range(150, 240);
    const nextX = x + swing * reach * 0.6;
    path += `C${n(x + swing * reach)} ${n(y - rise * 0.3)} ${n(nextX + swing * reach * 0.7)} ${n(y - rise * 0.7)} ${n(nextX)} ${n(y - rise)}`;
    x = nextX;
    y -= rise;
    swing = -swing;
  }
  return path;
}
