/** Returns a number for SVG, without needless decimals. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Returns a vertical gradient definition; stops are `[offset 0…1, colour, opacity]`. */
export function verticalGradient(
  id: string,
  stops: readonly (readonly [offset: number, colour: string, opacity?: number])[],
): string {
  const inner = stops
    .map(
      ([offset, colour, opacity = 1]) =>
        `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
    )
    .join('');
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${inner}</linearGradient>`;
}

/** Returns a film grain over the whole cover. */
export function grain(opacity: number): string {
  return (
    `<filter id="grain" x="0" y="0" width="100%" height="100%">` +
    `<feTurbulence type="fractalNoise" baseFrequency="0.8" numOctaves="2" seed="7"/>` +
    `<feColorMatrix type="saturate" values="0"/></filter>` +
    `<rect width="1000" height="1000" filter="url(#grain)" opacity="${opacity}"/>`
  );
}

/** Returns a colour between two, given as `#rrggbb`. */
export function mixColours(from: string, to: string, part: number): string {
  const channel = (colour: string, index: number): number =>
    Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16);
  const mixed = [0, 1, 2].map((index) => {
    const value = channel(from, index) * (1 - part) + channel(to, index) * part;
    return Math.round(value).toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}
