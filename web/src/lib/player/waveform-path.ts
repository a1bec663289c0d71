const BAR_PX = 3;
const GAP_PX = 2;
/** Silence keeps a line, so that the shape never breaks. */
const LEAST = 0.03;

/** Returns how many bars fit into a width in CSS pixels. */
export function barCount(widthPx: number): number {
  return Math.max(1, Math.floor((widthPx + GAP_PX) / (BAR_PX + GAP_PX)));
}

/** Returns `count` heights from 0 to 1: the highest peak that falls into each bar, relative to the loudest of all. */
export function barHeights(peaks: readonly number[], count: number): number[] {
  const loudest = Math.max(1, ...peaks);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / count));
    return Math.max(LEAST, Math.max(0, ...peaks.slice(from, to)) / loudest);
  });
}

/** Returns the SVG path of the bars, drawn as vertical strokes with round ends around the middle. */
export function waveformPath(heights: readonly number[], heightPx: number): string {
  const middle = heightPx / 2;
  return heights
    .map((height, i) => {
      const x = i * (BAR_PX + GAP_PX) + BAR_PX / 2;
      const half = Math.max(0, (height * heightPx - BAR_PX) / 2);
      return `M${x} ${(middle - half).toFixed(1)}V${(middle + half).toFixed(1)}`;
    })
    .join('');
}
