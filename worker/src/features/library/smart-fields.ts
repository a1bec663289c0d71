import { sql } from 'drizzle-orm';
import type { SmartField } from '../../platform/smart-fields.ts';

const stars = (ownerId: string) =>
  sql`(SELECT m.stars FROM ratings m WHERE m.user_id = ${ownerId} AND m.track_id = t.id)`;

/** What rules may ask of a track that its listener made of it. */
export const LIBRARY_SMART_FIELDS: readonly SmartField[] = [
  {
    name: 'liked',
    type: 'flag',
    test: (predicate, ownerId) =>
      predicate(sql`EXISTS (SELECT 1 FROM likes m WHERE m.user_id = ${ownerId} AND m.target_id = t.id)`),
    sortBy: (ownerId) =>
      sql`(SELECT m.created_at_ms FROM likes m WHERE m.user_id = ${ownerId} AND m.target_id = t.id)`,
    drive: (operator, value, ownerId) =>
      operator === 'is' && value === true
        ? {
            rank: 10,
            select: sql`SELECT target_id AS id FROM likes WHERE user_id = ${ownerId} AND kind = 'track' ORDER BY created_at_ms DESC`,
          }
        : null,
  },
  {
    name: 'rating',
    type: 'number',
    test: (predicate, ownerId) => predicate(stars(ownerId)),
    sortBy: stars,
    drive: (operator, value, ownerId) =>
      (operator === 'at_least' || operator === 'is') && typeof value === 'number'
        ? {
            rank: 20,
            select: sql`SELECT track_id AS id FROM ratings WHERE user_id = ${ownerId} AND stars >= ${value} ORDER BY stars DESC`,
          }
        : null,
  },
];
