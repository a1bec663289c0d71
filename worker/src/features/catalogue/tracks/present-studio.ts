import type { z } from '@hono/zod-openapi';
import type { Credit } from '../releases/credit-statements.ts';
import { type TrackRow, trackArtwork } from './present.ts';
import type { studioTrackSchema } from './studio-schemas.ts';

function failureOf(code: string | null, detail: string | null) {
  return code === null ? null : { code, detail: detail ?? code };
}

/** Returns the answer's form of a track for those who may change it. */
export function presentStudioTrack(
  row: TrackRow,
  { credits, hasLyrics }: { credits: readonly Credit[]; hasLyrics: boolean },
): z.infer<typeof studioTrackSchema> {
  return {
    trackId: row.id,
    releaseId: row.releaseId,
    title: row.title,
    versionTitle: row.versionTitle,
    artistName: row.artist,
    isrc: row.isrc,
    explicit: row.explicit,
    licence: row.licence,
    downloadable: row.downloadable,
    discNumber: row.discNumber,
    trackNumber: row.trackNumber,
    fileName: row.fileName,
    state: row.state,
    progress: row.progress,
    failure: failureOf(row.failureCode, row.failureDetail),
    playable: row.version !== null || row.previewVersion !== null,
    durationSeconds: row.durationSeconds,
    artwork: trackArtwork(row),
    hasLyrics,
    credits: credits.map(({ name, role, artistId }) => ({ name, role, artistId })),
    typedFields: row.typedFields,
    replacement:
      row.replacementState === null
        ? null
        : {
            state: row.replacementState,
            fileName: row.replacementFileName,
            progress: row.replacementProgress,
            failure: failureOf(row.replacementFailureCode, row.replacementFailureDetail),
          },
  };
}
