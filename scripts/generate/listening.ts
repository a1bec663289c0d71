import { createRandom } from '../demo/synth/random.ts';
import type { Emit, Made, Size } from './catalogue.ts';

const DAY_MS = 86_400_000;
const LIKES_A_PERSON = 40;

/** Makes what people did with the catalogue: likes and follows with their counters. */
export function makeListening(size: Size, made: Made, emit: Emit): void {
  const random = createRandom(`${size.seed}/listening`);
  const likeCounts = new Map<string, number>();
  const followCounts = new Map<string, number>();
  const some = (ids: readonly { id: string }[]) => ids[Math.floor(random.next() ** 2 * ids.length)]?.id ?? '';
  const artists = made.artists.map((id) => ({ id }));
  const releases = made.releases.map((id) => ({ id }));
  for (const userId of made.people) {
    const liked = new Set<string>();
    for (let i = 0; i < LIKES_A_PERSON; i++) {
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
  }
  for (const id of new Set([...likeCounts.keys(), ...followCounts.keys()])) {
    emit('library_counts', {
      target_id: id,
      like_count: likeCounts.get(id) ?? 0,
      follower_count: followCounts.get(id) ?? 0,
    });
  }
}
