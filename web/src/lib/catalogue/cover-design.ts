const PALETTES = 6;
const FIGURES = 4;

/** FNV-1a, 32 bit: spreads similar titles apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** How a cover is drawn for music that came without one. */
export interface CoverDesign {
  /** 1 to 6, the numbers of the cover tokens. */
  palette: number;
  figure: 'rings' | 'bars' | 'moon' | 'waves';
  /** Degrees by which the figure is turned. */
  turn: number;
}

/** Returns the same design for the same title, always. */
export function coverDesign(seed: string): CoverDesign {
  const hash = hashOf(seed);
  const figures = ['rings', 'bars', 'moon', 'waves'] as const;
  return {
    palette: (hash % PALETTES) + 1,
    figure: figures[(hash >>> 8) % FIGURES] ?? 'rings',
    turn: ((hash >>> 16) % 8) * 45,
  };
}
