/** A stretch of text, and where it leads if it is an address. */
export interface Stretch {
  text: string;
  href: string | null;
}

/** Returns plain text cut at its web addresses; put together again it is the same text. */
export function splitLinks(text: string): Stretch[] {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => ({ text: part, href: index % 2 === 1 ? part : null }))
    .filter(({ text: part }) => part !== '');
}
