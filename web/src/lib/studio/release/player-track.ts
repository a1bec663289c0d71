import type { TrackCard } from '$lib/catalogue/cards.ts';
import type { EditRelease, StudioTrack } from '../studio-api.ts';

/** Returns a track of a release as lists and the player know tracks. */
export function playerTrack(track: StudioTrack, release: EditRelease): TrackCard {
  const { trackId, title, versionTitle, artistName, discNumber, trackNumber, durationSeconds, explicit } =
    track;
  const { releaseId, slug, artist } = release;
  return {
    trackId,
    title,
    versionTitle,
    artistName: artistName ?? artist.name,
    artist: { artistId: artist.artistId, slug: artist.slug, name: artist.name },
    release: { releaseId, slug, title: release.title },
    discNumber,
    trackNumber,
    durationSeconds,
    explicit,
    artwork: release.artwork ?? track.artwork,
  };
}
