import type { Random } from '../synth/random.ts';
import { grain, n, verticalGradient } from './svg.ts';

/** A low sun cut by bands of haze, the far shore's lights and their reflections on night water. */
export function drawHarbour(random: Random): string {
  const horizon = 610;
  const stars = Array.from({ length: 90 }, () => {
    const y = random.range(10, 420);
    return `<circle cx="${n(random.range(0, 1000))}" cy="${n(y)}" r="${n(random.range(0.6, 1.9))}" fill="#fff" opacity="${n(random.range(0.15, 0.8) * (1 - y / 520))}"/>`;
  });
  const cuts = Array.from({ length: 7 }, (_, i) => {
    const y = 430 + i * 27;
    return `<rect x="200" y="${y}" width="600" height="${n(3 + i * 2.4)}" fill="black"/>`;
  });
  const ripples = Array.from({ length: 64 }, (_, i) => {
    const depth = i / 64;
    const y = horizon + 6 + depth ** 1.35 * 380;
    const width = (250 - depth * 60) * random.range(0.35, 1);
    const x = 500 + random.bell() * (30 + depth * 90);
    return `<rect x="${n(x - width / 2)}" y="${n(y)}" width="${n(width)}" height="${n(2 + depth * 5)}" rx="3" fill="url(#sun)" opacity="${n(0.75 - depth * 0.6)}"/>`;
  });
  const lights = Array.from({ length: 34 }, () => {
    const x = random.range(20, 980);
    const colour = random.pick(['#ffd9a0', '#ff9a76', '#8fd3ff', '#ffe9c7']);
    const length = random.range(40, 190);
    return (
      `<circle cx="${n(x)}" cy="${n(horizon - random.range(4, 16))}" r="${n(random.range(1.5, 3.2))}" fill="${colour}"/>` +
      `<rect x="${n(x - 1.4)}" y="${horizon + 4}" width="2.8" height="${n(length)}" fill="${colour}" opacity="0.16"/>`
    );
  });
  return (
    `<defs>${verticalGradient('sky', [
      [0, '#080b1f'],
      [0.34, '#27164f'],
      [0.52, '#7a2564'],
      [0.61, '#f0645a'],
    ])}${verticalGradient('water', [
      [0, '#4b1d55'],
      [0.25, '#1c1440'],
      [1, '#060817'],
    ])}<linearGradient id="sun" gradientUnits="userSpaceOnUse" x1="0" y1="290" x2="0" y2="1000">` +
    `<stop offset="0" stop-color="#ffe27a"/><stop offset="0.45" stop-color="#ff5d73"/><stop offset="1" stop-color="#c22f8e"/></linearGradient>` +
    `<radialGradient id="glow"><stop offset="0" stop-color="#ff8a6a" stop-opacity="0.75"/><stop offset="1" stop-color="#ff5d73" stop-opacity="0"/></radialGradient>` +
    `<mask id="bands"><rect width="1000" height="1000" fill="white"/>${cuts.join('')}</mask></defs>` +
    `<rect width="1000" height="1000" fill="url(#sky)"/>${stars.join('')}` +
    `<circle cx="500" cy="480" r="430" fill="url(#glow)"/>` +
    `<circle cx="500" cy="470" r="185" fill="url(#sun)" mask="url(#bands)"/>` +
    `<rect y="${horizon}" width="1000" height="390" fill="url(#water)"/>` +
    `<path d="${shore(random, horizon)}" fill="#0a0a1c"/>${lights.join('')}${ripples.join('')}${grain(0.07)}`
  );
}

function shore(random: Random, horizon: number): string {
  let path = `M0 ${horizon + 3}`;
  for (let x = 0; x <= 1000; x += random.range(14, 46)) {
    const bay = Math.abs(x - 500) / 500;
    const y = horizon - 4 - bay ** 2 * 46 - random.range(0, 12) * bay;
    path += `L${n(x)} ${n(y)}`;
  }
  return `${path}L1000 ${horizon - 50}L1000 ${horizon + 3}Z`;
}
