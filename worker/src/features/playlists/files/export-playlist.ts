import { attachment } from '../../../platform/attachment.ts';
import type { TrackCard } from '../../../platform/cards.ts';
import type { PlaylistDeps } from '../service.ts';
import { smartPage } from '../smart/smart-page.ts';
import type { SeenPlaylist } from '../store.ts';
import { FORMATS, type FormatName, type NamedTrack } from './formats.ts';

/** Entries that are read, and written, at once. */
const PAGE = 500;

function named(origin: string, trackId: string, card: TrackCard | undefined | null): NamedTrack {
  const version = card?.versionTitle == null ? '' : ` (${card.versionTitle})`;
  return {
    trackId,
    url: `${origin}/track/${trackId}`,
    title: card == null ? null : card.title + version,
    artist: card?.artistName ?? null,
    album: card?.release?.title ?? null,
    durationSeconds: card?.durationSeconds ?? null,
  };
}

/** Yields what is in a playlist as somebody sees it, a page at a time. */
async function* pagesOf(
  deps: PlaylistDeps,
  playlist: SeenPlaylist,
  viewerId: string | null,
): AsyncGenerator<NamedTrack[]> {
  const { publicOrigin } = deps;
  if (playlist.rules !== null) {
    const { items } = await smartPage(deps, playlist.rules, playlist.ownerId, viewerId);
    yield items.map(({ trackId, track }) => named(publicOrigin, trackId, track));
    return;
  }
  for (let after: [string, string] | null = null; ; ) {
    const rows = await deps.entries.list(playlist.id, after, PAGE);
    const shown = rows.slice(0, PAGE);
    const ids = shown.map(({ trackId }) => trackId);
    const cards = await deps.findTracks(ids, viewerId);
    yield ids.map((trackId) => named(publicOrigin, trackId, cards.get(trackId)));
    const last = shown.at(-1);
    if (rows.length <= PAGE || last === undefined) return;
    after = [last.position, last.id];
  }
}

/** Yields the file of a playlist as somebody sees it, piece by piece. */
async function* fileOf(
  deps: PlaylistDeps,
  playlist: SeenPlaylist,
  viewerId: string | null,
  formatName: FormatName,
): AsyncGenerator<string> {
  const format = FORMATS[formatName];
  const people = await deps.findPeople([playlist.ownerId]);
  yield format.head({
    title: playlist.title,
    description: playlist.description,
    ownerName: people.get(playlist.ownerId)?.name ?? null,
    url: `${deps.publicOrigin}/playlist/${playlist.id}`,
    createdAt: new Date(playlist.createdAtMs).toISOString(),
  });
  let index = 0;
  for await (const tracks of pagesOf(deps, playlist, viewerId)) {
    yield tracks.map((track) => format.track(track, index++)).join('');
  }
  yield format.foot();
}

/** Returns a playlist as a file to be saved. It is read while it is sent, so that a long one is never in memory. */
export function exportPlaylist(
  deps: PlaylistDeps,
  playlist: SeenPlaylist,
  viewerId: string | null,
  formatName: FormatName,
): Response {
  const { extension, contentType } = FORMATS[formatName];
  const pieces = fileOf(deps, playlist, viewerId, formatName);
  const utf8 = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(utf8.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'content-disposition': attachment(`${playlist.title}.${extension}`),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  });
}
