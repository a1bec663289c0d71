import { catalogue } from './catalogue.ts';
import type { TrackPlace } from './render-piece.ts';

/** One piece of the catalogue, named so that it can be handed to a worker thread. */
export type RenderJob = { releaseIndex: number; pieceIndex: number };

/** A finished file. */
export type RenderedTrack = { place: TrackPlace; fileName: string; bytes: Uint8Array<ArrayBuffer> };

/** Returns one job for every piece of the catalogue, in its order. */
export function allJobs(): RenderJob[] {
  return catalogue.flatMap((release, releaseIndex) =>
    release.pieces.map((_, pieceIndex) => ({ releaseIndex, pieceIndex })),
  );
}

/** Returns where each track of a job stands in its release; throws a RangeError for an unknown job. */
export function placesOf({ releaseIndex, pieceIndex }: RenderJob): TrackPlace[] {
  const release = catalogue[releaseIndex];
  const piece = release?.pieces[pieceIndex];
  if (release === undefined || piece === undefined) throw new RangeError('There is no such piece');
  const total = release.pieces.reduce((sum, { titles }) => sum + titles.length, 0);
  const before = release.pieces.slice(0, pieceIndex).reduce((sum, { titles }) => sum + titles.length, 0);
  const { artist, title, genre, year } = release;
  return piece.titles.map((trackTitle, i) => ({
    release: { artist, title, genre, year },
    title: trackTitle,
    number: before + i + 1,
    total,
  }));
}
