import { newId } from '../../src/platform/ids.ts';
import { rowsOf } from './state.ts';

let atMs = Date.now() - 1_000_000;
/** Later with every call, so that ids made in one millisecond still sort as they were made. */
const later = () => ++atMs;

/** Puts an artist with a public page into the database and returns the id. */
export async function anArtist(name = 'Blackbird', { isListed = true } = {}): Promise<string> {
  const id = newId('art', later());
  await rowsOf(
    'INSERT INTO artists (id, slug, name, listed_at_ms, created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?, 1, 1) RETURNING id',
    id,
    id.slice(4),
    name,
    isListed ? atMs : null,
  );
  return id;
}

/** Puts a release into the database and returns the id. */
export async function aRelease(artistId: string, { title = 'Dawn', isListed = true } = {}): Promise<string> {
  const id = newId('rel', later());
  await rowsOf(
    `INSERT INTO releases (id, artist_id, slug, title, kind, state, listed_at_ms, created_at_ms, updated_at_ms)
     VALUES (?, ?, ?, ?, 'album', 'published', ?, 1, 1) RETURNING id`,
    id,
    artistId,
    id.slice(4),
    title,
    isListed ? atMs : null,
  );
  return id;
}

interface TrackFields {
  title?: string;
  artist?: string | null;
  album?: string | null;
  ownerId?: string;
  artistId?: string | null;
  releaseId?: string | null;
  durationSeconds?: number | null;
  isListed?: boolean;
}

/** Puts a track that can be played into the database and returns the id. */
export async function aTrack(fields: TrackFields = {}): Promise<string> {
  const { title = 'First light', artist = 'Nobody', album = null, ownerId = 'alice' } = fields;
  const { artistId = null, releaseId = null, durationSeconds = 200, isListed = true } = fields;
  const id = newId('trk', later());
  await rowsOf(
    `INSERT INTO tracks (id, owner_id, state, file_name, title, artist, album, artist_id, release_id, duration_seconds, version, listed_at_ms, created_at_ms, published_at_ms)
     VALUES (?, ?, 'ready', 'a.flac', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    id,
    ownerId,
    title,
    artist,
    album,
    artistId,
    releaseId,
    durationSeconds,
    newId('ver', atMs),
    isListed ? atMs : null,
    atMs,
    atMs,
  );
  return id;
}

/** Takes a track out of sight of everybody but its owner. */
export async function hideTrack(trackId: string): Promise<void> {
  await rowsOf('UPDATE tracks SET listed_at_ms = NULL WHERE id = ? RETURNING id', trackId);
}
