import type { Cover } from './cards.ts';

/** A picture that somebody uploaded, as rows keep it. */
export interface StoredImage {
  imageId: string;
  /** A tiny picture as a data address, to show until the real one is there. */
  placeholder: string;
  /** Two dominant colours, `#rrggbb`. */
  colours: [string, string];
}

/** Returns the answer's form of a picture; its addresses may be cached for ever. */
export function presentImage({ imageId, placeholder, colours }: StoredImage): Cover {
  const url = (sizePx: number) => `/api/v1/images/${imageId}/${sizePx}`;
  return { url64: url(64), url300: url(300), url640: url(640), placeholder, colours };
}
