import type { Cover } from '../../../platform/cards.ts';
import type { Track } from './schemas.ts';
import type { tracks } from './track-tables.ts';

export type TrackRow = typeof tracks.$inferSelect;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Returns the addresses of a file's cover. The version rides in them, so that they may be cached for ever. */
export function trackCover(
  trackId: string,
  version: string,
  placeholder: string,
  colours: [string, string],
): Cover {
  const url = (sizePx: number) => `/api/v1/tracks/${trackId}/artwork/${sizePx}?v=${version}`;
  return { url64: url(64), url300: url(300), url640: url(640), placeholder, colours };
}

/** Returns the cover that came inside a track's file, if one did. */
export function trackArtwork(row: TrackRow): Cover | null {
  const { version, artworkPlaceholder, artworkColour1, artworkColour2 } = row;
  if (version === null || artworkPlaceholder === null || artworkColour1 === null || artworkColour2 === null)
    return null;
  return trackCover(row.id, version, artworkPlaceholder, [artworkColour1, artworkColour2]);
}

function assetUrls(row: TrackRow): Pick<Track, 'waveformUrl' | 'artworkUrl' | 'artwork'> {
  const artwork = trackArtwork(row);
  return {
    waveformUrl: row.version === null ? null : `/api/v1/tracks/${row.id}/waveform?v=${row.version}`,
    artworkUrl: artwork?.url640 ?? null,
    artwork,
  };
}

/** Returns the answer's form of a row; `isOwner` decides whether a preview counts as playable. */
export function presentTrack(row: TrackRow, isOwner: boolean): Track {
  const { integratedLufs, loudnessRangeLu: rangeLu, truePeakDbtp } = row;
  const { sourceCodec: codec, sourceSampleRateHz: sampleRateHz } = row;
  return {
    trackId: row.id,
    title: row.title,
    artist: row.artist,
    albumArtist: row.albumArtist,
    album: row.album,
    genre: row.genre,
    releaseDate: row.releaseDate,
    releaseId: row.releaseId,
    trackNumber: row.trackNumber,
    discNumber: row.discNumber,
    state: row.state,
    playable: row.version !== null || (isOwner && row.previewVersion !== null),
    progress: row.progress,
    failure:
      row.failureCode === null
        ? null
        : { code: row.failureCode, detail: row.failureDetail ?? row.failureCode },
    durationSeconds: row.durationSeconds,
    loudness:
      integratedLufs === null || rangeLu === null || truePeakDbtp === null
        ? null
        : { integratedLufs, rangeLu, truePeakDbtp },
    source:
      codec === null || sampleRateHz === null
        ? null
        : {
            codec,
            sampleRateHz,
            bitsPerSample: row.sourceBitsPerSample,
            bitrateKbps: row.sourceBitrateKbps,
            lossless: row.sourceLossless ?? false,
          },
    ...assetUrls(row),
    createdAt: iso(row.createdAtMs),
    publishedAt: row.publishedAtMs === null ? null : iso(row.publishedAtMs),
  };
}
