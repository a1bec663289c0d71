import { sql } from 'drizzle-orm';
import type { SmartField } from '../../platform/smart-fields.ts';

/** More often than this is not told apart, so that counting a favourite stays bounded. */
const MOST_COUNTED = 1000;

const lastPlayed = (ownerId: string) =>
  sql`ifnull((SELECT max(m.started_at_ms) FROM plays m WHERE m.user_id = ${ownerId} AND m.track_id = t.id), 0)`;

const timesPlayed = (ownerId: string) =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM plays m WHERE m.user_id = ${ownerId} AND m.track_id = t.id LIMIT ${MOST_COUNTED}))`;

/** Every track in somebody's history once, by stepping from one to the next along the index instead of over all plays. */
const heard = (ownerId: string) => sql`WITH RECURSIVE heard(id) AS (
    SELECT max(track_id) FROM plays WHERE user_id = ${ownerId}
    UNION ALL
    SELECT (SELECT max(m.track_id) FROM plays m WHERE m.user_id = ${ownerId} AND m.track_id < heard.id)
    FROM heard WHERE heard.id IS NOT NULL)
  SELECT id FROM heard WHERE id IS NOT NULL`;

/** What rules may ask of a track that is in its listener's history; who pauses or empties that takes it out of here too. */
export const PLAYS_SMART_FIELDS: readonly SmartField[] = [
  {
    name: 'last_played',
    type: 'date',
    test: (predicate, ownerId) => predicate(lastPlayed(ownerId)),
    sortBy: lastPlayed,
    drive: (operator, _value, ownerId) =>
      operator === 'in_last_days' || operator === 'at_least' ? { rank: 25, select: heard(ownerId) } : null,
  },
  {
    name: 'times_played',
    type: 'number',
    test: (predicate, ownerId) => predicate(timesPlayed(ownerId)),
    sortBy: timesPlayed,
    drive: (operator, value, ownerId) =>
      (operator === 'at_least' || operator === 'is') && Number(value) > 0
        ? { rank: 25, select: heard(ownerId) }
        : null,
  },
];
