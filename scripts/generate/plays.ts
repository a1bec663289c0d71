import { searchable } from '../../worker/src/features/plays/rule.ts';
import type { Random } from '../demo/synth/random.ts';
import type { Emit, Made, MadeTrack, Size } from './catalogue.ts';

const YEARS_MS = 3 * 365 * 86_400_000;
const RECENT_KEPT = 100;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const QUALITIES = ['64', '128', '192', '320', 'lossless', null];
const PLACES = ['home', 'search', 'genre', 'likes', 'history', 'queue', 'other'];
/** Of people who have paused their history, nobody knows whose play it was. */
const NAMELESS = 0.1;

/** An id as `playIdOf` makes it: a hash, so that they are in no order. */
function aPlayId(random: Random): string {
  let id = 'ply_';
  for (let i = 0; i < 26; i++) id += CROCKFORD.charAt(Math.floor(random.next() * 32));
  return id;
}

interface Recent {
  kind: string;
  sourceId: string;
  atMs: number;
  playId: string;
}

/** Keeps the newest sources of one person, each once, without keeping all. */
class RecentSources {
  #kept = new Map<string, Recent>();
  #oldestMs = 0;

  note(recent: Recent): void {
    if (recent.atMs <= this.#oldestMs || recent.atMs <= (this.#kept.get(recent.sourceId)?.atMs ?? 0)) return;
    this.#kept.set(recent.sourceId, recent);
    if (this.#kept.size > 4 * RECENT_KEPT) this.newest();
  }

  newest(): Recent[] {
    const sorted = [...this.#kept.values()].toSorted((a, b) => b.atMs - a.atMs).slice(0, RECENT_KEPT);
    this.#kept = new Map(sorted.map((recent) => [recent.sourceId, recent]));
    if (sorted.length === RECENT_KEPT) this.#oldestMs = sorted.at(-1)?.atMs ?? 0;
    return sorted;
  }
}

function aSource(random: Random, track: MadeTrack): { kind: string; id: string | null } {
  const kind = random.next();
  if (kind < 0.4) return { kind: 'release', id: track.releaseId };
  if (kind < 0.6) return { kind: 'artist', id: track.artistId };
  return kind < 0.7 ? { kind: 'track', id: track.id } : { kind: random.pick(PLACES), id: null };
}

/**
 * Makes one row for each play that the tracks count, of the last three years and of people of whom few listen very
 * much; and what each of them played from last, and where half of them left off.
 */
export function makePlays(random: Random, size: Size, made: Made, emit: Emit): void {
  const recents = made.people.map(() => new RecentSources());
  for (const track of made.tracks) {
    const searchText = searchable(track.words);
    const sinceMs = Math.max(track.listedAtMs, size.nowMs - YEARS_MS);
    for (let i = 0; i < track.playCount; i++) {
      const person = Math.floor(random.next() ** 2 * made.people.length);
      const isNameless = random.chance(NAMELESS);
      const atMs = Math.floor(sinceMs + random.next() * (size.nowMs - sinceMs));
      const source = aSource(random, track);
      const id = aPlayId(random);
      emit('plays', {
        id,
        user_id: isNameless ? null : (made.people[person] ?? null),
        track_id: track.id,
        started_at_ms: atMs,
        listened_seconds: random.integer(31, track.durationSeconds),
        is_counted: 1,
        source_kind: source.kind,
        source_id: isNameless ? null : source.id,
        quality: random.pick(QUALITIES),
        search_text: isNameless ? '' : searchText,
      });
      const from = source.id === null ? { kind: 'track', id: track.id } : source;
      if (!isNameless) recents[person]?.note({ kind: from.kind, sourceId: from.id ?? '', atMs, playId: id });
    }
  }
  for (const [i, userId] of made.people.entries()) {
    for (const { kind, sourceId, atMs, playId } of recents[i]?.newest() ?? [])
      emit('recent_sources', {
        user_id: userId,
        kind,
        source_id: sourceId,
        played_at_ms: atMs,
        play_id: playId,
      });
    if (i % 2 === 0) makeResumePoint(random, { size, made, userId }, emit);
  }
}

function makeResumePoint(
  random: Random,
  { size, made, userId }: { size: Size; made: Made; userId: string },
  emit: Emit,
): void {
  const first = Math.floor(random.next() * made.tracks.length);
  const queue = made.tracks.slice(first, first + random.integer(1, 100));
  emit('resume_points', {
    user_id: userId,
    revision: 1,
    track_id: queue[0]?.id ?? null,
    position_seconds: random.integer(1, 60),
    source_kind: 'release',
    source_id: queue[0]?.releaseId ?? null,
    queue: JSON.stringify(queue.map(({ id }) => id)),
    updated_at_ms: size.nowMs,
  });
}
