import type { Cover } from '../../../platform/cards.ts';
import { presentImage } from '../../../platform/images.ts';
import { trackCover } from '../tracks/present.ts';
import type { ReleaseArtwork } from './release-tables.ts';

/** Returns the answer's form of a release's cover. */
export function presentReleaseArtwork(artwork: ReleaseArtwork | null): Cover | null {
  if (artwork === null) return null;
  if (artwork.from === 'person') return presentImage(artwork);
  const { trackId, version, placeholder, colours } = artwork;
  return trackCover(trackId, version, placeholder, colours);
}
