import { presentOwnArtist } from './artists/artist-routes.ts';
import type { LeavingDeps } from './leaving.ts';
import { findTrackCredits } from './releases/credit-statements.ts';
import { presentEditRelease } from './releases/present-studio.ts';
import type { TrackStore } from './tracks/store.ts';

const PAGE = 50;

/** Reads all pages of a list, newest first. */
async function* all<Row>(
  read: (cursor: string | undefined) => Promise<Row[]>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row> {
  for (let cursor: string | undefined; ; ) {
    const rows = await read(cursor);
    const page = rows.slice(0, PAGE);
    yield* page;
    const last = page.at(-1);
    if (rows.length <= PAGE || last === undefined) return;
    cursor = idOf(last);
  }
}

/**
 * Yields what is kept of somebody's part in artists: each artist, each release with its tracks and credits, and the
 * words and credits of every track of theirs.
 */
export async function* exportCatalogue(deps: LeavingDeps & { tracks: TrackStore }, userId: string) {
  const { artists, db, releases, studioTracks, tracks } = deps;
  const own = all(
    (cursor) => artists.listOwn(userId, { cursor, limit: PAGE }),
    ({ artist }) => artist.id,
  );
  yield { path: 'catalogue/artists.json', content: (await Array.fromAsync(own)).map(presentOwnArtist) };
  const trackIds = new Set<string>();
  const ofArtists = all(
    (cursor) => releases.listOwn(userId, { cursor, limit: PAGE }),
    ({ release }) => release.id,
  );
  for await (const row of ofArtists) {
    const content = await presentEditRelease(deps, row);
    for (const { trackId } of content.tracks) trackIds.add(trackId);
    yield { path: `catalogue/releases/${row.release.id}.json`, content };
  }
  const owned = all(
    (cursor) => tracks.listOwned(userId, { cursor, limit: PAGE }),
    ({ id }) => id,
  );
  for await (const { id } of owned) trackIds.add(id);
  const ids = [...trackIds];
  const lyrics = [];
  for (const trackId of await studioTracks.withLyrics(ids))
    lyrics.push({ trackId, ...(await studioTracks.findLyrics(trackId)) });
  yield { path: 'catalogue/lyrics.json', content: lyrics };
  const credits = [...(await findTrackCredits(db, ids))].map(([trackId, list]) => ({
    trackId,
    credits: list,
  }));
  yield { path: 'catalogue/credits.json', content: credits };
}
