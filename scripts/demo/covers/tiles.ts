import type { Random } from '../synth/random.ts';

const PALETTE = ['#14406b', '#1f6fa3', '#f6efe0', '#e8b04a', '#c65b3a', '#2f7d6b'] as const;
const CREAM = '#f6efe0';
const TILES = 6;
const SIDE = 1000 / TILES;

/** A wall of painted tiles; the pattern is mirrored, as it would be around a veranda's door. */
export function drawTiles(random: Random): string {
  const quarter = TILES / 2;
  const designs = Array.from({ length: quarter * quarter }, () => ({
    kind: random.integer(0, 3),
    ink: random.pick(PALETTE.filter((colour) => colour !== CREAM)),
    second: random.pick(PALETTE),
    turn: random.integer(0, 3) * 90,
  }));
  const tiles: string[] = [];
  for (let row = 0; row < TILES; row++) {
    for (let column = 0; column < TILES; column++) {
      const mirroredRow = Math.min(row, TILES - 1 - row);
      const mirroredColumn = Math.min(column, TILES - 1 - column);
      const design = designs[mirroredRow * quarter + mirroredColumn];
      if (design === undefined) continue;
      const flipX = column >= quarter ? -1 : 1;
      const flipY = row >= quarter ? -1 : 1;
      const x = (column + 0.5) * SIDE;
      const y = (row + 0.5) * SIDE;
      tiles.push(
        `<g transform="translate(${x} ${y}) scale(${flipX} ${flipY}) rotate(${design.turn})">${tile(design)}</g>`,
      );
    }
  }
  return (
    `<defs><radialGradient id="sun" cx="0.3" cy="0.2" r="1.1"><stop offset="0" stop-color="#fff2cf" stop-opacity="0.35"/>` +
    `<stop offset="0.6" stop-color="#fff2cf" stop-opacity="0"/><stop offset="1" stop-color="#0a2036" stop-opacity="0.4"/></radialGradient></defs>` +
    `<rect width="1000" height="1000" fill="#d9cdb8"/>${tiles.join('')}<rect width="1000" height="1000" fill="url(#sun)"/>`
  );
}

function tile({ kind, ink, second }: { kind: number; ink: string; second: string }): string {
  const half = SIDE / 2 - 1.5;
  const ground = second === ink ? CREAM : second;
  const full = half * 2;
  const base = `<rect x="${-half}" y="${-half}" width="${full}" height="${full}" fill="${ground}"/>`;
  const arc = (radius: number, colour: string): string =>
    `<path d="M${-half} ${-half}h${radius}a${radius} ${radius} 0 0 1 ${-radius} ${radius}Z" fill="${colour}"/>`;
  if (kind === 0) return base + arc(full, ink) + arc(full * 0.66, CREAM) + arc(full * 0.36, ink);
  if (kind === 1)
    return `${base}${arc(full * 0.5, ink)}<g transform="rotate(180)">${arc(full * 0.5, ink)}</g><circle r="${half * 0.3}" fill="${CREAM}"/>`;
  if (kind === 2) {
    const leaf = `<path d="M${-half} ${-half}Q${half} ${-half} ${half} ${half}Q${-half} ${half} ${-half} ${-half}Z" fill="${ink}"/>`;
    return `${base}${leaf}<path d="M${-half} ${-half}L${half} ${half}" stroke="${CREAM}" stroke-width="5"/>`;
  }
  const petals = [0, 90, 180, 270].map(
    (turn) =>
      `<ellipse rx="${half * 0.26}" ry="${half * 0.46}" cy="${-half * 0.48}" fill="${ink}" transform="rotate(${turn})"/>`,
  );
  return `${base}${petals.join('')}<circle r="${half * 0.2}" fill="#e8b04a"/>`;
}
