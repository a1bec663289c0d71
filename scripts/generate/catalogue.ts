import { slugFrom } from '../../worker/src/features/catalogue/slugs.ts';
import { createRandom, type Random } from '../demo/synth/random.ts';
import { aPerformer, aPerson, aTitle, aTongue, GENRES, ROLES, type TongueName } from './names.ts';
import { shares } from './zipf.ts';

/** How much is made. */
export interface Size {
  artists: number;
  releases: number;
  tracks: number;
  plays: number;
  people: number;
  seed: string;
  /** The moment that is now; everything was made before. */
  nowMs: number;
  /** The id of the first person, who listens most; made by chance if it is not said. */
  firstPersonId?: string;
}

const DAY_MS = 86_400_000;
const YEARS_MS = 10 * 365 * DAY_MS;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const TAGS = 500;
const LICENCES = ['all-rights-reserved', 'all-rights-reserved', 'cc-by-4.0', 'cc-by-nc-sa-4.0', 'cc0-1.0'];

/** Returns an id in the form of `newId`, but of repeatable chance. */
export function anId(random: Random, prefix: string, atMs: number): string {
  let time = '';
  let rest = atMs;
  for (let i = 0; i < 10; i++) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let tail = '';
  for (let i = 0; i < 16; i++) tail += CROCKFORD.charAt(Math.floor(random.next() * 32));
  return `${prefix}_${time}${tail}`;
}

/** A row of a table by the names of its columns. */
export type Row = Record<string, string | number | null>;
export type Emit = (table: string, row: Row) => void;

interface Artist {
  id: string;
  slug: string;
  name: string;
  tongue: TongueName;
  listedAtMs: number | null;
}

/** What is told of a track where it is listened to. */
export interface MadeTrack {
  id: string;
  releaseId: string;
  artistId: string;
  listedAtMs: number;
  durationSeconds: number;
  playCount: number;
  /** Title, artist and release. */
  words: string;
}

/** What others refer to. */
export interface Made {
  people: string[];
  tracks: MadeTrack[];
  releases: string[];
  artists: string[];
}

function releaseSizes(random: Random, { releases, tracks }: Size): number[] {
  const sizes = Array.from({ length: releases }, () => {
    const kind = random.next();
    if (kind < 0.4) return 1;
    return kind < 0.65 ? random.integer(2, 6) : random.integer(7, 14);
  });
  let missing = tracks - sizes.reduce((sum, size) => sum + size, 0);
  for (let i = 0; missing !== 0; i = (i + 1) % releases) {
    const size = sizes[i] ?? 1;
    const step = missing > 0 ? 1 : -1;
    if (size + step < 1 || size + step > 40) continue;
    sizes[i] = size + step;
    missing -= step;
  }
  return sizes;
}

function kindOf(size: number): string {
  if (size === 1) return 'single';
  return size <= 6 ? 'ep' : 'album';
}

/** Returns the handle of the n-th person that a seed makes. */
export function handleOf(seed: string, i: number): string {
  return `g${seed.replace(/\W/g, '').slice(0, 8)}_${i}`.toLowerCase();
}

function makePeople(random: Random, size: Size, emit: Emit): string[] {
  return Array.from({ length: size.people }, (_, i) => {
    const atMs = size.nowMs - Math.floor(random.next() * YEARS_MS);
    const chosen = anId(random, 'usr', atMs);
    const id = i === 0 ? (size.firstPersonId ?? chosen) : chosen;
    const handle = handleOf(size.seed, i);
    emit('users', {
      id,
      name: aPerson(random, aTongue(random)),
      email: `${handle}@generated.invalid`,
      email_verified: 1,
      handle,
      created_at_ms: atMs,
      updated_at_ms: atMs,
    });
    return id;
  });
}

function makeArtists(random: Random, size: Size, taken: Set<string>): Artist[] {
  return Array.from({ length: size.artists }, () => {
    const tongue = aTongue(random);
    const name = aPerformer(random, tongue);
    const id = anId(random, 'art', size.nowMs - YEARS_MS);
    let slug = slugFrom(name);
    if (taken.has(slug)) slug = `${slug}-${id.slice(-8)}`;
    taken.add(slug);
    return { id, slug, name, tongue, listedAtMs: null };
  });
}

/**
 * Makes the whole catalogue, row by row in the order in which ids sort; the same size, seed and
 * moment make the same rows. `takenSlugs` are those of artists who are there already.
 */
export function makeCatalogue(size: Size, takenSlugs: Set<string>, emit: Emit): Made {
  const random = createRandom(size.seed);
  const people = makePeople(random.fork('people'), size, emit);
  const artists = makeArtists(random.fork('artists'), size, takenSlugs);
  const ofReleases = random.fork('releases');
  const sizes = releaseSizes(ofReleases, size);
  // Some artists make much, most little; the first releases give everybody one.
  const made: Made = { people, tracks: [], releases: [], artists: artists.map(({ id }) => id) };
  const playShares = shuffled(random.fork('popularity'), shares(size.tracks, 0.9, size.plays));
  const slugs = new Set<string>();
  const labelCounts = new Map<string, number>();
  sizes.forEach((trackCount, i) => {
    const artist = artists[i < artists.length ? i : Math.floor(ofReleases.next() ** 3 * artists.length)];
    if (artist === undefined) return;
    const step = YEARS_MS / sizes.length;
    const listedAtMs = Math.floor(size.nowMs - YEARS_MS + step * i + ofReleases.next() * step);
    artist.listedAtMs ??= listedAtMs;
    const id = anId(ofReleases, 'rel', listedAtMs);
    const title = aTitle(ofReleases, artist.tongue);
    let slug = slugFrom(title) || 'untitled';
    if (slugs.has(artist.id + slug)) slug = `${slug}-${id.slice(-6)}`;
    slugs.add(artist.id + slug);
    made.releases.push(id);
    const durations = Array.from({ length: trackCount }, () => ofReleases.integer(61, 420));
    emit('releases', {
      id,
      artist_id: artist.id,
      slug,
      title,
      kind: kindOf(trackCount),
      state: 'published',
      release_date: new Date(listedAtMs).toISOString().slice(0, 10),
      licence: ofReleases.pick(LICENCES),
      description: ofReleases.chance(0.3) ? `${aTitle(ofReleases, artist.tongue)}. ${title}.` : '',
      track_count: trackCount,
      duration_seconds: durations.reduce((sum, seconds) => sum + seconds, 0),
      created_at_ms: listedAtMs - DAY_MS,
      updated_at_ms: listedAtMs,
      listed_at_ms: listedAtMs,
    });
    const trackIds = durations.map((durationSeconds, at) => {
      const trackId = anId(ofReleases, 'trk', listedAtMs);
      const playCount = playShares[made.tracks.length] ?? 0;
      const trackTitle = aTitle(ofReleases, artist.tongue);
      const owner = people[Math.floor(ofReleases.next() * people.length)] ?? 'nobody';
      emit('tracks', {
        id: trackId,
        owner_id: owner,
        state: 'ready',
        file_name: `${at + 1}.flac`,
        title: trackTitle,
        release_id: id,
        artist_id: artist.id,
        explicit: ofReleases.chance(0.05) ? 1 : 0,
        artist: artist.name,
        album: title,
        track_number: at + 1,
        disc_number: 1,
        version: anId(ofReleases, 'ver', listedAtMs),
        duration_seconds: durationSeconds,
        play_count: playCount,
        source_codec: 'flac',
        source_sample_rate_hz: 44_100,
        source_bits_per_sample: 16,
        source_lossless: 1,
        integrated_lufs: -14 + ofReleases.bell() * 4,
        loudness_range_lu: 6,
        true_peak_dbtp: -1,
        listed_at_ms: listedAtMs,
        created_at_ms: listedAtMs - DAY_MS,
        published_at_ms: listedAtMs,
      });
      made.tracks.push({
        id: trackId,
        releaseId: id,
        artistId: artist.id,
        listedAtMs,
        durationSeconds,
        playCount,
        words: `${trackTitle} ${artist.name} ${title}`,
      });
      if (ofReleases.chance(0.1))
        emit('track_lyrics', { track_id: trackId, plain: title, updated_at_ms: listedAtMs });
      return trackId;
    });
    makeCredits(ofReleases, { id, artist, trackIds, artists }, emit);
    for (const { kind, slug: label } of labelsFor(ofReleases)) {
      const key = `${kind}/${label}`;
      labelCounts.set(key, (labelCounts.get(key) ?? 0) + 1);
      emit('release_labels', { release_id: id, kind, slug: label, position: 0, listed_at_ms: listedAtMs });
    }
  });
  for (const artist of artists) {
    emit('artists', {
      id: artist.id,
      slug: artist.slug,
      name: artist.name,
      bio: '',
      verified_at_ms: artist.listedAtMs,
      listed_at_ms: artist.listedAtMs,
      created_at_ms: size.nowMs - YEARS_MS,
      updated_at_ms: size.nowMs,
    });
  }
  const names = new Map(GENRES.map((name) => [slugFrom(name), name]));
  for (const [key, count] of labelCounts) {
    const [kind = '', slug = ''] = key.split('/');
    emit('labels', { kind, slug, name: names.get(slug) ?? slug, release_count: count });
  }
  return made;
}

function makeCredits(
  random: Random,
  of: { id: string; artist: Artist; trackIds: string[]; artists: Artist[] },
  emit: Emit,
): void {
  const count = random.integer(0, 4);
  for (let position = 0; position < count; position++) {
    const guest = random.chance(0.6) ? random.pick(of.artists) : null;
    emit('credits', {
      id: anId(random, 'cdt', 0),
      release_id: of.id,
      track_id: random.chance(0.5) ? random.pick(of.trackIds) : null,
      artist_id: guest?.id ?? null,
      name: guest?.name ?? aPerson(random, of.artist.tongue),
      role: random.pick(ROLES),
      position,
    });
  }
}

/** Popular genres and tags are on very many releases, the last ones on a few. */
function labelsFor(random: Random): { kind: string; slug: string }[] {
  const genres = new Set<string>();
  for (let i = random.integer(1, 2); i > 0; i--)
    genres.add(slugFrom(GENRES[Math.floor(random.next() ** 2.5 * GENRES.length)] ?? 'Rock'));
  const tags = new Set<string>();
  for (let i = random.integer(0, 4); i > 0; i--) tags.add(`tag-${Math.floor(random.next() ** 2.5 * TAGS)}`);
  return [
    ...[...genres].map((slug) => ({ kind: 'genre', slug })),
    ...[...tags].map((slug) => ({ kind: 'tag', slug })),
  ];
}

function shuffled(random: Random, values: number[]): number[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [values[i], values[j]] = [values[j] as number, values[i] as number];
  }
  return values;
}
