import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../platform/db.ts';
import type { TrackMatch, TrackWish } from '../../platform/match-tracks.ts';
import { isMember } from './is-member.ts';

/** Values that one query looks for; tracks that one title or artist may bring to be compared. */
const VALUES_AT_ONCE = 500;
const CANDIDATES_OF_TITLE = 20;
const CANDIDATES_OF_ARTIST = 100;
/** Artists have more candidates, so fewer of them are asked for at once. */
const ARTISTS_AT_ONCE = 50;

interface Candidate {
  wished: string;
  id: string;
  title: string;
  versionTitle: string | null;
  artist: string | null;
  durationSeconds: number | null;
}

/** Returns a name without case, accents and punctuation. */
function wordsOf(name: string): string {
  const folded = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = folded
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^the /, '');
  return words || folded.trim();
}

/** Returns a name as names are compared: its words, without what stands in brackets and who features. */
function comparableName(name: string): string {
  const bare = name.replace(/[([][^()[\]]*[)\]]/g, ' ').replace(/\s(?:feat|ft|featuring)\b.*$/i, ' ');
  return wordsOf(bare) || wordsOf(name);
}

function nameKey(artist: string, title: string): string {
  return `${comparableName(artist)}\n${comparableName(title)}`;
}

async function inParts<Row>(
  values: Iterable<string>,
  size: number,
  query: (json: string) => SQL,
  db: Database,
): Promise<Row[]> {
  const unique = [...new Set(values)];
  const found: Row[] = [];
  for (let from = 0; from < unique.length; from += size) {
    const rows = await db.all<Row>(query(JSON.stringify(unique.slice(from, from + size))));
    for (const row of rows) found.push(row);
  }
  return found;
}

/** Public tracks for each wished value: those that `chosen` finds by an index, so many of them that it stays bounded. */
function candidates(json: string, chosen: SQL): SQL {
  return sql`SELECT j.value AS wished, t.id AS id, t.title AS title, t.version_title AS versionTitle, ifnull(t.artist, a.name) AS artist,
      t.duration_seconds AS durationSeconds
    FROM json_each(${json}) j CROSS JOIN tracks t ON t.id IN (${chosen})
    LEFT JOIN artists a ON a.id = t.artist_id`;
}

const byTitle = (json: string) =>
  candidates(
    json,
    sql`SELECT x.id FROM tracks x WHERE lower(x.title) = lower(j.value) AND x.listed_at_ms IS NOT NULL
      LIMIT ${CANDIDATES_OF_TITLE}`,
  );

const byArtist = (json: string) =>
  candidates(
    json,
    sql`SELECT x.id FROM tracks x WHERE lower(x.artist) = lower(j.value) AND x.listed_at_ms IS NOT NULL
      LIMIT ${CANDIDATES_OF_ARTIST}`,
  );

/** Of several recordings of one name the version that is wished for, then the one that is about as long. */
function closest(found: readonly Candidate[], { title, durationSeconds }: TrackWish): Candidate | undefined {
  const wished = wordsOf(title ?? '');
  const distance = (track: Candidate) => {
    const isSame = wordsOf(`${track.title} ${track.versionTitle ?? ''}`) === wished;
    const seconds = durationSeconds === null ? 0 : Math.abs((track.durationSeconds ?? 0) - durationSeconds);
    return (isSame ? 0 : 1e6) + seconds;
  };
  return found.toSorted((a, b) => distance(a) - distance(b))[0];
}

/**
 * Returns for each wish the track that is meant: by its id, else by its ISRC, else by title and artist, where both are
 * the same but for case, accents, punctuation and additions in brackets. Every value is looked for by an index, and once.
 */
export async function matchTracks(
  db: Database,
  wishes: readonly TrackWish[],
  viewerId: string | null,
): Promise<(TrackMatch | null)[]> {
  const matches: (TrackMatch | null)[] = wishes.map(() => null);
  const open = () => wishes.flatMap((wish, index) => (matches[index] === null ? [{ wish, index }] : []));
  const take = (index: number, by: TrackMatch['by'], track: Pick<Candidate, 'id' | 'durationSeconds'>) => {
    matches[index] = { trackId: track.id, durationSeconds: track.durationSeconds ?? 0, by };
  };

  const seen = await inParts<Candidate>(
    wishes.flatMap(({ trackId }) => trackId ?? []),
    VALUES_AT_ONCE,
    (json) => sql`SELECT j.value AS wished, t.id AS id, t.duration_seconds AS durationSeconds
      FROM json_each(${json}) j CROSS JOIN tracks t ON t.id = j.value
      WHERE t.listed_at_ms IS NOT NULL OR t.owner_id = ${viewerId} OR ${isMember(sql`t.artist_id`, viewerId)}`,
    db,
  );
  const byId = new Map(seen.map((track) => [track.wished, track]));
  for (const { wish, index } of open()) {
    const track = byId.get(wish.trackId ?? '');
    if (track !== undefined) take(index, 'id', track);
  }

  const coded = await inParts<Candidate>(
    open().flatMap(({ wish }) => wish.isrc ?? []),
    VALUES_AT_ONCE,
    (json) => sql`SELECT j.value AS wished, t.id AS id, t.duration_seconds AS durationSeconds
      FROM json_each(${json}) j CROSS JOIN tracks t ON t.id = (SELECT x.id FROM tracks x
        WHERE x.isrc = j.value AND x.listed_at_ms IS NOT NULL LIMIT 1)`,
    db,
  );
  const byIsrc = new Map(coded.map((track) => [track.wished, track]));
  for (const { wish, index } of open()) {
    const track = byIsrc.get(wish.isrc ?? '');
    if (track !== undefined) take(index, 'isrc', track);
  }

  // First whatever has the title; then whatever is by the artist, for titles that are written a little differently.
  for (const [field, size, query] of [
    ['title', VALUES_AT_ONCE, byTitle],
    ['artist', ARTISTS_AT_ONCE, byArtist],
  ] as const) {
    const named = open().filter(({ wish }) => wish.title !== null && wish.artist !== null);
    const found = await inParts<Candidate>(
      named.map(({ wish }) => wish[field] ?? ''),
      size,
      query,
      db,
    );
    const byName = Map.groupBy(found, ({ artist, title }) => nameKey(artist ?? '', title));
    for (const { wish, index } of named) {
      const track = closest(byName.get(nameKey(wish.artist ?? '', wish.title ?? '')) ?? [], wish);
      if (track !== undefined) take(index, 'name', track);
    }
  }
  return matches;
}
