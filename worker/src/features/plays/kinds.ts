/** From where in the app something was played. The first four name a thing, the others a place. */
export const SOURCE_THINGS = ['track', 'release', 'artist', 'playlist'] as const;
export const SOURCE_KINDS = [
  ...SOURCE_THINGS,
  ...(['home', 'search', 'genre', 'likes', 'history', 'queue', 'other'] as const),
] as const;
export type SourceThing = (typeof SOURCE_THINGS)[number];
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What was heard, bit rates in kbit/s. */
export const PLAYED_QUALITIES = ['64', '128', '192', '320', 'lossless'] as const;

/** Why a play is not counted in public though it was long enough. */
export const PLAY_MARKS = ['self'] as const;
