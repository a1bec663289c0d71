import type { Random } from '../synth/random.ts';
import { mixColours } from './svg.ts';

const CELLS = 50;
const CELL = 1000 / CELLS;

/** A game's overworld at dusk: dithered sky, a moon, clouds, hills behind hills. */
export function drawPixels(random: Random): string {
  const grid = Array.from({ length: CELLS }, (_, y) => Array.from({ length: CELLS }, (__, x) => sky(x, y)));
  const paint = (x: number, y: number, colour: string): void => {
    const row = grid[y];
    if (row !== undefined && x >= 0 && x < CELLS) row[x] = colour;
  };
  for (let i = 0; i < 26; i++)
    paint(random.integer(0, 49), random.integer(0, 20), random.pick(['#fff4d6', '#c9b8ff']));
  disc(36, 11, 5.4, '#fff1c1', paint);
  disc(34, 10, 1.2, '#e9d39a', paint);
  disc(37.5, 13, 0.9, '#e9d39a', paint);
  for (const [x, y, width] of [
    [4, 14, 11],
    [21, 8, 8],
    [30, 20, 13],
    [12, 22, 7],
  ] as const) {
    cloud(x, y, width, random, paint);
  }
  hills(random, 31, 5, '#5a4a8a', '#6d5aa0', paint);
  hills(random, 36, 4, '#3d5a80', '#4d7196', paint);
  hills(random, 41, 3, '#2f7d5b', '#43a06f', paint);
  for (let i = 0; i < 9; i++) tree(random.integer(1, 48), random.integer(42, 46), paint);
  for (let x = 0; x < CELLS; x++) {
    for (let y = 47; y < CELLS; y++) paint(x, y, (x + y) % 4 === 0 ? '#1c4f45' : '#236152');
  }
  const rects = grid.flatMap((row, y) =>
    row.map(
      (colour, x) =>
        `<rect x="${x * CELL}" y="${y * CELL}" width="${CELL}" height="${CELL}" fill="${colour}"/>`,
    ),
  );
  return `<g shape-rendering="crispEdges">${rects.join('')}</g>`;
}

type Paint = (x: number, y: number, colour: string) => void;

function sky(x: number, y: number): string {
  const bands = ['#1d1b4c', '#33246b', '#5b2f86', '#93428f', '#d1607f', '#f59173', '#ffc27a'];
  const position = (y / 38) * (bands.length - 1);
  // Ordered dither: every other pixel takes the next band early.
  const dithered = Math.floor(position + ((x + y) % 2 === 0 ? 0.25 : 0.75) - 0.25);
  return bands[Math.max(0, Math.min(bands.length - 1, dithered))] ?? '#1d1b4c';
}

function disc(cx: number, cy: number, radius: number, colour: string, paint: Paint): void {
  for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
    for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
      if ((x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2) paint(x, y, colour);
    }
  }
}

function cloud(x: number, y: number, width: number, random: Random, paint: Paint): void {
  for (let column = 0; column < width; column++) {
    const rise = Math.round(Math.sin((Math.PI * (column + 0.5)) / width) * 2.4 + random.range(-0.4, 0.6));
    for (let row = -rise; row <= 0; row++) paint(x + column, y + row, row === 0 ? '#d9a7c4' : '#fbe3e4');
  }
}

function hills(
  random: Random,
  base: number,
  swing: number,
  colour: string,
  edge: string,
  paint: Paint,
): void {
  const first = random.range(0, 6);
  const second = random.range(0, 6);
  for (let x = 0; x < CELLS; x++) {
    const top = Math.round(
      base + Math.sin(x * 0.13 + first) * swing + Math.sin(x * 0.31 + second) * swing * 0.4,
    );
    paint(x, top, edge);
    for (let y = top + 1; y < CELLS; y++)
      paint(x, y, y - top > 6 ? mixColours(colour, '#101030', 0.12) : colour);
  }
}

function tree(x: number, y: number, paint: Paint): void {
  for (let row = 0; row < 5; row++) {
    const reach = Math.floor(row / 2);
    for (let side = -reach; side <= reach; side++)
      paint(x + side, y - 5 + row, side < 0 ? '#1f5a4a' : '#174437');
  }
  paint(x, y, '#3b2a2a');
}
