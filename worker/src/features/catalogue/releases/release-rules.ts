/** Returns whether a UPC-A or EAN-13 code ends in the digit that GS1 asks for (GS1 General Specifications 7.9). */
export function isUpc(code: string): boolean {
  if (!/^(?:\d{12}|\d{13})$/.test(code)) return false;
  const digits = [...code].map(Number).reverse();
  const sum = digits.reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** Returns an ISRC (ISO 3901) in its canonical form, `AAXXXYYNNNNN`, or null where the text is none. */
export function isrcFrom(text: string): string | null {
  const code = text
    .replace(/[\s-]/g, '')
    .toUpperCase()
    .replace(/^ISRC:?/, '');
  return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code) ? code : null;
}

/** Returns whether a text is a day, a month or a year that there is: `YYYY-MM-DD`, `YYYY-MM`, `YYYY`. */
export function isDay(text: string): boolean {
  if (!/^[12]\d{3}(?:-\d\d(?:-\d\d)?)?$/.test(text)) return false;
  return !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}
