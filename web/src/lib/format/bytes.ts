const UNITS = ['kB', 'MB', 'GB'] as const;

/** Returns a size in decimal units with the digits that matter: 0 bytes, 812 kB, 4.2 MB, 1.36 GB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} bytes`;
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    value /= 1000;
    unit = next;
    if (value < 999.5) break;
  }
  const digits = unit === 'kB' || value >= 100 ? 0 : unit === 'GB' ? 2 : 1;
  return `${value.toFixed(digits)} ${unit}`;
}
