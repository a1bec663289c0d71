import { DatabaseSync } from 'node:sqlite';
import { createRandom, type Random } from '../demo/synth/random.ts';

/** A page, with addresses of many like it: popular ones, others, and pages far down a list. */
export interface Page {
  what: string;
  paths: string[];
  /** Whether it is asked for by the person it belongs to. */
  isOwn?: boolean;
}

/** The person who has listened most and collected most, whose own pages are asked for. */
export const LISTENER_ID = 'bench-listener';

type Row = Record<string, string | number>;
/** Makes addresses from rows, of which the first are those that cost most. */
type Some = (rows: Row[], form: (row: Row) => string) => string[];

/** Returns what to ask for, `count` addresses of each kind, from the rows that are there. */
export function pagesOf(path: string, count: number): Page[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const random = createRandom('pages');
  const all = (sql: string) => db.prepare(sql).all() as Row[];
  // Every other one is among the hundred that have most: that is where a page costs most.
  const some: Some = (rows, form) =>
    Array.from({ length: count }, (_, i) => form(random.pick(i % 2 === 0 ? rows.slice(0, 100) : rows)));
  try {
    return [...cataloguePages(all, some, random), ...listeningPages(all, some), ...playlistPages(all, some)];
  } finally {
    db.close();
  }
}

function cataloguePages(all: (sql: string) => Row[], some: Some, random: Random): Page[] {
  const artists = all(
    `SELECT a.slug, a.id, count(*) AS n, min(r.listed_at_ms) AS ms FROM artists a JOIN releases r ON r.artist_id = a.id
     GROUP BY a.id ORDER BY n DESC`,
  );
  const releases = all(
    `SELECT r.id, r.slug, a.slug AS artist, r.listed_at_ms AS ms FROM releases r JOIN artists a ON a.id = r.artist_id
     ORDER BY r.track_count DESC`,
  );
  const tracks = all('SELECT id, listed_at_ms AS ms FROM tracks ORDER BY play_count DESC LIMIT 20000');
  const labels = all('SELECT kind, slug FROM labels ORDER BY release_count DESC');
  const genres = labels.filter(({ kind }) => kind === 'genre');
  const tags = labels.filter(({ kind }) => kind === 'tag');
  const credited = all(
    'SELECT artist_id AS id, count(*) AS n FROM credits WHERE artist_id IS NOT NULL GROUP BY 1 ORDER BY n DESC',
  );
  const kinds = ['album', 'ep', 'single'];
  const at = (row: Row) => `cursor=${row.ms}~${row.id}`;
  return [
    { what: 'home', paths: some(artists, () => '/api/v1/home') },
    { what: 'artist, by slug', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}`) },
    { what: 'artist’s releases', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/releases`) },
    {
      what: 'artist’s releases of one kind',
      paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/releases?kind=${random.pick(kinds)}`),
    },
    { what: 'artist’s popular tracks', paths: some(artists, ({ slug }) => `/api/v1/artists/${slug}/tracks`) },
    { what: 'artist’s appearances', paths: some(credited, ({ id }) => `/api/v1/artists/${id}/appearances`) },
    { what: 'release, by id', paths: some(releases, ({ id }) => `/api/v1/releases/${id}`) },
    {
      what: 'release, by slugs',
      paths: some(releases, ({ artist, slug }) => `/api/v1/artists/${artist}/releases/${slug}`),
    },
    { what: 'new releases, first page', paths: some(releases, () => '/api/v1/releases?sort=new') },
    { what: 'new releases, anywhere', paths: some(releases, (row) => `/api/v1/releases?${at(row)}`) },
    { what: 'track', paths: some(tracks, ({ id }) => `/api/v1/tracks/${id}`) },
    { what: 'tracks, newest first, anywhere', paths: some(tracks, (row) => `/api/v1/tracks?${at(row)}`) },
    { what: 'genres', paths: some(genres, () => '/api/v1/genres') },
    { what: 'tags', paths: some(genres, () => '/api/v1/tags') },
    { what: 'releases of a genre', paths: some(genres, ({ slug }) => `/api/v1/genres/${slug}/releases`) },
    {
      what: 'releases of a genre, anywhere',
      paths: some(genres, ({ slug }) => `/api/v1/genres/${slug}/releases?${at(random.pick(releases))}`),
    },
    { what: 'releases of a tag', paths: some(tags, ({ slug }) => `/api/v1/tags/${slug}/releases`) },
  ];
}

function listeningPages(all: (sql: string) => Row[], some: Some): Page[] {
  const at = ({ ms = '', id = '' }: Row) => `cursor=${ms}.${id}`;
  const nowhere: Row[] = [{}];
  const likes = all(
    `SELECT target_id AS id, created_at_ms AS ms FROM likes WHERE user_id = '${LISTENER_ID}' AND kind = 'track'`,
  );
  const plays = all(
    `SELECT id, started_at_ms AS ms FROM plays WHERE user_id = '${LISTENER_ID}' ORDER BY started_at_ms LIMIT 20000`,
  );
  const words = all(
    `SELECT DISTINCT t.title AS q FROM plays p JOIN tracks t ON t.id = p.track_id WHERE p.user_id = '${LISTENER_ID}' LIMIT 500`,
  );
  const own = (what: string, paths: string[]): Page => ({ what, paths, isOwn: true });
  return [
    own(
      'liked tracks',
      some(nowhere, () => '/api/v1/me/likes/track'),
    ),
    own(
      'liked tracks, anywhere',
      some(likes, (row) => `/api/v1/me/likes/track?${at(row)}`),
    ),
    own(
      'liked releases',
      some(nowhere, () => '/api/v1/me/likes/release'),
    ),
    own(
      'followed artists',
      some(nowhere, () => '/api/v1/me/follows/artist'),
    ),
    own(
      'rated tracks',
      some(nowhere, () => '/api/v1/me/ratings'),
    ),
    own(
      'history',
      some(nowhere, () => '/api/v1/me/history'),
    ),
    own(
      'history, anywhere',
      some(plays, (row) => `/api/v1/me/history?${at(row)}`),
    ),
    own(
      'history, searched (5,000 newest plays)',
      some(words, ({ q = '' }) => `/api/v1/me/history?q=${encodeURIComponent(q)}`),
    ),
    own(
      'recently played',
      some(nowhere, () => '/api/v1/me/recent'),
    ),
    own(
      'where one left off',
      some(nowhere, () => '/api/v1/me/resume'),
    ),
    own(
      'own playlists',
      some(nowhere, () => '/api/v1/me/playlists'),
    ),
  ];
}

function playlistPages(all: (sql: string) => Row[], some: Some): Page[] {
  const lists = all(
    `SELECT p.id, u.handle FROM playlists p JOIN users u ON u.id = p.owner_id
     WHERE p.visibility = 'public' AND p.rules IS NULL ORDER BY p.entry_count DESC`,
  );
  const places = all(
    `SELECT e.playlist_id AS playlist, e.position, e.id FROM playlist_entries e JOIN playlists p ON p.id = e.playlist_id
     WHERE p.visibility = 'public' ORDER BY p.entry_count DESC LIMIT 20000`,
  );
  const smart = all(
    `SELECT id, rules ->> '$.rules[0].field' AS field FROM playlists WHERE visibility <> 'private' AND rules IS NOT NULL`,
  );
  const entries = ({ id = '' }: Row) => `/api/v1/playlists/${id}/entries`;
  const smartOf = (field: string) =>
    some(
      smart.filter((row) => row.field === field),
      entries,
    );
  return [
    { what: 'playlist', paths: some(lists, ({ id }) => `/api/v1/playlists/${id}`) },
    { what: 'playlist’s tracks', paths: some(lists, entries) },
    {
      what: 'playlist’s tracks, anywhere',
      paths: some(
        places,
        ({ playlist, position, id }) =>
          `/api/v1/playlists/${playlist}/entries?cursor=${Buffer.from(JSON.stringify([position, id])).toString('base64url')}`,
      ),
    },
    {
      what: 'somebody’s playlists',
      paths: some(lists, ({ handle }) => `/api/v1/people/${handle}/playlists`),
    },
    { what: 'somebody’s profile', paths: some(lists, ({ handle }) => `/api/v1/people/${handle}`) },
    { what: 'smart playlist: liked', paths: smartOf('liked') },
    { what: 'smart playlist: 4 stars and more', paths: smartOf('rating') },
    { what: 'smart playlist: a genre (2,000 candidates)', paths: smartOf('genre') },
    { what: 'smart playlist: often played (2,000 candidates)', paths: smartOf('plays') },
  ];
}
