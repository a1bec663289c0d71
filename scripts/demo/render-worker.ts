import { parentPort } from 'node:worker_threads';
import { catalogue } from './catalogue.ts';
import { renderCover } from './covers/cover.ts';
import { placesOf, type RenderedTrack, type RenderJob } from './render-job.ts';
import { renderTracks } from './render-piece.ts';

parentPort?.on('message', async (job: RenderJob) => {
  const tracks = await render(job);
  parentPort?.postMessage(
    tracks,
    tracks.map(({ bytes }) => bytes.buffer),
  );
});

async function render(job: RenderJob): Promise<RenderedTrack[]> {
  const release = catalogue[job.releaseIndex];
  const piece = release?.pieces[job.pieceIndex];
  if (release === undefined || piece === undefined) throw new RangeError('There is no such piece');
  const places = placesOf(job);
  const cover = await renderCover(release.cover, release.title);
  return renderTracks(piece.compose(), places, cover).map((bytes, i) => {
    const place = places[i];
    if (place === undefined) throw new RangeError('More tracks than titles');
    const number = String(place.number).padStart(2, '0');
    return { place, bytes, fileName: `${number} ${place.title}.flac` };
  });
}
