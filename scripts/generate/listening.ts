import { createRandom } from '../demo/synth/random.ts';
import type { Emit, Made, Size } from './catalogue.ts';
import { makePlaylists } from './playlists.ts';
import { makePlays } from './plays.ts';

const DAY_MS = 86_400_000;
const LIKES_A_PERSON = 40;
/** Of the first people, so that there are lists which are longer than a page. */
const MOST_LIKES = 2000;
const GREAT_COLLECTORS = 20;
const RATINGS_A_PERSON = 30;

/** Makes what people did with the catalogue: likes, follows and ratings, plays and playlists, with their counters. */
export function makeListening(size: Size, made: Made, emit: Emit): void {
  const random = createRandom(`${size.seed}/listening`);
  const likeCounts = new Map<string, number>();
  const followCounts = new Map<string, number>();
  const some = (ids: readonly { id: string }[]) => ids[Math.floor(random.next() ** 2 * ids.length)]?.id ?? '';
  const artists = made.artists.map((id) => ({ id }));
  const releases = made.releases.map((id) => ({ id }));
  for (const [at, userId] of made.people.entries()) {
    const likes = at < GREAT_COLLECTORS ? MOST_LIKES : LIKES_A_PERSON;
    const liked = new Set<string>();
    for (let i = 0; i < likes; i++) {
      const [kind, things] =
        i % 4 === 0 ? (['release', releases] as const) : (['track', made.tracks] as const);
      const targetId = some(things);
      if (liked.has(targetId)) continue;
      liked.add(targetId);
      likeCounts.set(targetId, (likeCounts.get(targetId) ?? 0) + 1);
      const atMs = size.nowMs - Math.floor(random.next() * 365 * DAY_MS);
      emit('likes', { user_id: userId, kind, target_id: targetId, created_at_ms: atMs });
    }
    const followed = new Set(Array.from({ length: 5 }, () => some(artists)));
    for (const targetId of followed) {
      followCounts.set(targetId, (followCounts.get(targetId) ?? 0) + 1);
      emit('follows', { user_id: userId, kind: 'artist', target_id: targetId, created_at_ms: size.nowMs });
    }
    const rated = new Set(Array.from({ length: RATINGS_A_PERSON }, () => some(made.tracks)));
    for (const trackId of rated) {
      const stars = random.integer(1, 5);
      emit('ratings', { user_id: userId, track_id: trackId, stars, rated_at_ms: size.nowMs });
    }
  }
  for (const id of new Set([...likeCounts.keys(), ...followCounts.keys()])) {
    emit('library_counts', {
      target_id: id,
      like_count: likeCounts.get(id) ?? 0,
      follower_count: followCounts.get(id) ?? 0,
    });
  }
  makePlays(createRandom(`${size.seed}/plays`), size, made, emit);
  makePlaylists(createRandom(`${size.seed}/playlists`), size, made, emit);
}
