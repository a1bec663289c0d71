import type { Track } from './schemas.ts';
import type { tracks } from './tables.ts';

export type TrackRow = typeof tracks.$inferSelect;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The version rides in the address, so that these may be cached for ever. */
function assetUrls(row: TrackRow): Pick<Track, 'waveformUrl' | 'artworkUrl' | 'artwork'> {
  if (row.version === null) return { waveformUrl: null, artworkUrl: null, artwork: null };
  const base = `/api/v1/tracks/${row.id}`;
  const artworkUrl = (sizePx: number) => `${base}/artwork/${sizePx}?v=${row.version}`;
  const { artworkPlaceholder: placeholder, artworkColour1, artworkColour2 } = row;
  const hasArtwork = placeholder !== null && artworkColour1 !== null && artworkColour2 !== null;
  return {
    waveformUrl: `${base}/waveform?v=${row.version}`,
    artworkUrl: hasArtwork ? artworkUrl(640) : null,
    artwork: hasArtwork
      ? {
          url64: artworkUrl(64),
          url300: artworkUrl(300),
          url640: artworkUrl(640),
          placeholder,
          colours: [artworkColour1, artworkColour2],
        }
      : null,
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
