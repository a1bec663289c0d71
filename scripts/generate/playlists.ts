import type { Random } from '../demo/synth/random.ts';
import { anId, type Emit, type Made, type Size } from './catalogue.ts';
import { aTitle, aTongue } from './names.ts';

const YEAR_MS = 365 * 86_400_000;
const PLAYLISTS_A_PERSON = 6;
/** The first playlist of every so many people is a long one. */
const LONG_EVERY = 50;
const LONG_ENTRIES = 2000;
const VISIBILITIES = ['public', 'public', 'unlisted', 'private'];

/** One for each index that can find candidates, and one that only the newest tracks help. */
const RULES = [
  [{ field: 'liked', operator: 'is', value: true }],
  [{ field: 'rating', operator: 'at_least', value: 4 }],
  [{ field: 'genre', operator: 'is', value: 'Jazz' }],
  [{ field: 'plays', operator: 'at_least', value: 100 }],
];

/** Keys in order that others can be put between: like those of `positionsBetween`, but of no chance. */
function positionAt(index: number): string {
  return `a0${(index + 36 ** 3).toString(36)}V`;
}

/** Makes playlists of people, filled, with folders and editors, and the last of each a smart one. */
export function makePlaylists(random: Random, size: Size, made: Made, emit: Emit): void {
  for (const [i, ownerId] of made.people.entries()) {
    const folderId = anId(random, 'fld', size.nowMs);
    emit('playlist_folders', {
      id: folderId,
      user_id: ownerId,
      title: aTitle(random, aTongue(random)),
      position: positionAt(0),
      created_at_ms: size.nowMs - YEAR_MS,
    });
    for (let n = 0; n < PLAYLISTS_A_PERSON; n++) {
      const createdAtMs = size.nowMs - Math.floor(random.next() * YEAR_MS);
      const id = anId(random, 'pls', createdAtMs);
      const isSmart = n === PLAYLISTS_A_PERSON - 1;
      const isLong = n === 0 && i % LONG_EVERY === 0;
      const entries = isSmart ? 0 : isLong ? LONG_ENTRIES : random.integer(5, 60);
      let durationSeconds = 0;
      for (let at = 0; at < entries; at++) {
        const track = made.tracks[Math.floor(random.next() ** 2 * made.tracks.length)];
        if (track === undefined) continue;
        durationSeconds += track.durationSeconds;
        emit('playlist_entries', {
          id: anId(random, 'ple', createdAtMs),
          playlist_id: id,
          track_id: track.id,
          position: positionAt(at),
          duration_seconds: track.durationSeconds,
          added_by: ownerId,
          added_at_ms: createdAtMs,
        });
      }
      const rules = { match: 'all', rules: RULES[i % RULES.length], sort: null, limit: 100 };
      emit('playlists', {
        id,
        owner_id: ownerId,
        title: aTitle(random, aTongue(random)),
        visibility: random.pick(VISIBILITIES),
        rules: isSmart ? JSON.stringify(rules) : null,
        entry_count: entries,
        duration_seconds: durationSeconds,
        created_at_ms: createdAtMs,
        updated_at_ms: createdAtMs,
      });
      const member = { playlist_id: id, position: positionAt(n), created_at_ms: createdAtMs };
      const kept = n === 1 ? folderId : null;
      emit('playlist_members', { ...member, user_id: ownerId, role: 'owner', folder_id: kept });
      const editor = random.pick(made.people);
      if (n === 2 && editor !== ownerId)
        emit('playlist_members', { ...member, user_id: editor, role: 'editor', folder_id: null });
    }
  }
}
