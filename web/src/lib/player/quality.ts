/** Nominal AAC bitrates of the ladder in kbit/s; a rendition's folder in the address is its bitrate. */
export const BITRATES_KBPS = [64, 128, 192, 320] as const;
export type BitrateKbps = (typeof BITRATES_KBPS)[number];

/** What the listener asks for. */
export type Quality = 'auto' | BitrateKbps | 'lossless';
export const QUALITIES: readonly Quality[] = ['auto', ...BITRATES_KBPS, 'lossless'];

/** What is heard at this moment. */
export type PlayingRendition = BitrateKbps | 'lossless';

/** Tells whether a stored value is a quality. */
export function isQuality(value: unknown): value is Quality {
  return QUALITIES.some((quality) => quality === value);
}

/** Returns the rendition that an address of a playlist or segment belongs to. */
export function renditionOfAddress(address: string): PlayingRendition | null {
  const folder = /\/(\d{2,3}|lossless)\/[^/]+$/.exec(address)?.[1];
  if (folder === 'lossless') return folder;
  return BITRATES_KBPS.find((bitrate) => String(bitrate) === folder) ?? null;
}

/** Returns a short name for a quality or a rendition. */
export function qualityLabel(quality: Quality): string {
  if (quality === 'auto') return 'Auto';
  return quality === 'lossless' ? 'Lossless' : `${quality} kbit/s`;
}
