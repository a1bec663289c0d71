import { notFound, ProblemError } from '../../../platform/errors.ts';
import { MAX_ENTRIES, MAX_PLAYLISTS } from '../policy.ts';
import { editableBy, type PlaylistDeps, refreshCovers, seenBy } from '../service.ts';
import { parseFile } from './parse-file.ts';
import type { PlaylistFile } from './playlist-file.ts';
import { readFile } from './read-file.ts';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Returns the id of the entry at `index` of an import, the same whenever it is repeated. */
function importedEntryId(playlistId: string, index: number): string {
  let number = '';
  for (let rest = index, i = 0; i < 4; i++, rest = Math.floor(rest / 32)) {
    number = DIGITS.charAt(rest % 32) + number;
  }
  return `ple_${playlistId.slice(4, 26)}${number}`;
}

/** Makes the playlist that an import fills, unless an earlier attempt did. */
async function makePlaylist(
  deps: PlaylistDeps,
  playlistId: string,
  userId: string,
  { title, description }: PlaylistFile,
): Promise<void> {
  const head = {
    title: title?.slice(0, 200) ?? 'Imported playlist',
    description: description.slice(0, 2000),
    visibility: 'private' as const,
    rules: null,
  };
  if (await deps.store.create(playlistId, userId, head, Date.now())) return;
  if ((await deps.store.ownerOf(playlistId)) === null) {
    throw new ProblemError('too_many_playlists', `Nobody keeps more than ${MAX_PLAYLISTS} playlists.`);
  }
}

/**
 * Makes a playlist of the file in a request's body and tells what became of each of its tracks. Repeatable: the same
 * file under the same id changes nothing. Throws `not_found` where the id is somebody else's, and what reading throws.
 */
export async function importPlaylist(
  deps: PlaylistDeps,
  { playlistId, userId, title }: { playlistId: string; userId: string; title: string | undefined },
  request: Request,
) {
  const ownerId = await deps.store.ownerOf(playlistId);
  if (ownerId !== null && ownerId !== userId) throw notFound();
  const read = parseFile(await readFile(request));
  const file = { ...read, title: title ?? read.title };
  const matches = await deps.matchTracks(file.tracks, userId);
  await makePlaylist(deps, playlistId, userId, file);
  const playlist = await editableBy(deps, playlistId, userId);
  if (playlist.rules !== null) {
    throw new ProblemError('playlist_is_smart', 'Its rules choose what is in it.');
  }
  const entries = matches.flatMap((match, index) =>
    match === null ? [] : [{ ...match, entryId: importedEntryId(playlistId, index) }],
  );
  if (entries.length > 0) {
    const added = await deps.entries.add({ playlistId, userId, nowMs: Date.now() }, entries, undefined);
    if (added === 'refused' || added === 'no_place') {
      throw new ProblemError('playlist_full', `A playlist holds ${MAX_ENTRIES} tracks at most.`);
    }
    await refreshCovers(deps, playlistId, added.change);
  }
  return {
    playlistId,
    title: (await seenBy(deps, playlistId, userId)).title,
    matched: file.tracks.flatMap(({ line }, index) => {
      const match = matches[index];
      return match == null ? [] : [{ line, by: match.by }];
    }),
    unmatched: file.tracks.flatMap(({ line, title: named, artist }, index) =>
      matches[index] == null ? [{ line, title: named, artist }] : [],
    ),
  };
}
