import { newId } from '../../src/platform/ids.ts';
import { type Api, type Call, read } from './api.ts';
import { rowsOf } from './state.ts';

export interface EntryAnswer {
  entryId: string | null;
  trackId: string;
  position: string | null;
  track: { title: string } | null;
  addedBy: { handle: string } | null;
}
export interface PlaylistAnswer {
  playlistId: string;
  title: string;
  visibility: string;
  role: string | null;
  isSmart: boolean;
  trackCount: number;
  durationSeconds: number;
  covers: { url300: string }[];
  folderId?: string | null;
  entries: { items: EntryAnswer[]; nextCursor: string | null; isPartial: boolean };
}
export interface ChangedAnswer {
  entries: EntryAnswer[];
  skippedTrackIds: string[];
  trackCount: number;
  durationSeconds: number;
}

/** What a test says of a track; the rest is as it is with most. */
export interface TrackFacts {
  title?: string;
  artist?: string;
  genre?: string;
  isrc?: string;
  ownerId?: string;
  isListed?: boolean;
  durationSeconds?: number;
  hasArtwork?: boolean;
}

/** Puts tracks into the database as if they had been published, and returns their ids in order. */
export async function tracksLike(facts: readonly TrackFacts[]): Promise<string[]> {
  const rows = facts.map((fact, index) => ({ id: newId('trk', Date.now() + index), ...fact }));
  await rowsOf(
    `INSERT INTO tracks (id, owner_id, state, file_name, title, artist, genre, isrc, version, listed_at_ms, duration_seconds,
       artwork_placeholder, artwork_colour_1, artwork_colour_2, created_at_ms)
     SELECT j.value ->> 'id', ifnull(j.value ->> 'ownerId', 'somebody'), 'ready', 'a.flac', ifnull(j.value ->> 'title', 'A song'),
       ifnull(j.value ->> 'artist', 'Somebody'), j.value ->> 'genre', j.value ->> 'isrc', 'ver_1',
       CASE WHEN j.value ->> 'isListed' = 0 THEN NULL ELSE ? + j.key END, ifnull(j.value ->> 'durationSeconds', 60),
       iif(j.value ->> 'hasArtwork', 'data:', NULL), iif(j.value ->> 'hasArtwork', '#101010', NULL),
       iif(j.value ->> 'hasArtwork', '#202020', NULL), ?
     FROM json_each(?) j RETURNING id`,
    Date.now(),
    Date.now(),
    JSON.stringify(rows),
  );
  return rows.map(({ id }) => id);
}

/** Makes a playlist and returns its id. */
export async function makePlaylist(api: Api, call: Omit<Call, 'json'>, head: object = {}): Promise<string> {
  const answer = await api('/api/v1/playlists', { ...call, json: { title: 'A list', ...head } });
  if (answer.status !== 201) throw new Error(`making one answered ${answer.status}: ${await answer.text()}`);
  return (await read<PlaylistAnswer>(answer)).playlistId;
}

/** Returns every entry of a playlist as somebody sees it, page by page. */
export async function allEntries(
  api: Api,
  playlistId: string,
  call: Call = {},
  limit = 100,
): Promise<EntryAnswer[]> {
  const found: EntryAnswer[] = [];
  for (let cursor = ''; ; ) {
    const answer = await api(`/api/v1/playlists/${playlistId}/entries?limit=${limit}${cursor}`, call);
    const page = await read<PlaylistAnswer['entries']>(answer);
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** Adds tracks with entry ids of the client's making and returns those. */
export async function addTracks(
  api: Api,
  playlistId: string,
  trackIds: readonly string[],
  call: Call & { after?: string | null; duplicates?: string } = {},
): Promise<string[]> {
  const { after, duplicates, ...rest } = call;
  const entries = trackIds.map((trackId) => ({ entryId: newId('ple'), trackId }));
  const answer = await api(`/api/v1/playlists/${playlistId}/entries`, {
    ...rest,
    json: { entries, ...(after === undefined ? {} : { after }), ...(duplicates && { duplicates }) },
  });
  if (answer.status !== 200) throw new Error(`adding answered ${answer.status}: ${await answer.text()}`);
  return entries.map(({ entryId }) => entryId);
}
