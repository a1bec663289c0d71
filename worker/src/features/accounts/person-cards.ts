import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { PersonCard } from '../../platform/cards.ts';
import { type Database, inChunks } from '../../platform/db.ts';
import { presentImage } from '../../platform/images.ts';
import { normalizeHandle } from './handles.ts';
import { users } from './tables.ts';

/** Returns the cards of those of these people whom others may see. */
export async function findPersonCards(
  db: Database,
  ids: readonly string[],
): Promise<Map<string, PersonCard>> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .select({ id: users.id, handle: users.handle, name: users.name, avatar: users.avatar })
      .from(users)
      .where(and(inArray(users.id, chunk), isNull(users.deletesAt), eq(users.profileVisibility, 'public')))
      .all(),
  );
  return new Map(
    rows.map(({ id, handle, name, avatar }) => [
      id,
      { handle, name, avatar: avatar && presentImage(avatar) },
    ]),
  );
}

/** Returns the ids of the people behind these handles, by handle; also of those whom nobody sees. */
export async function findPeopleByHandle(
  db: Database,
  handles: readonly string[],
): Promise<Map<string, string>> {
  const rows = await inChunks(handles, (chunk) =>
    db.select({ id: users.id, handle: users.handle }).from(users).where(inArray(users.handle, chunk)).all(),
  );
  return new Map(rows.map(({ id, handle }) => [handle, id]));
}

/** Returns the account with a handle, however it is written, and whether its page is hidden; null where there is none. */
export async function findPersonByHandle(
  db: Database,
  handle: string,
  isProduction: boolean,
): Promise<{ id: string; isHidden: boolean } | null> {
  const row = await db
    .select({ id: users.id, visibility: users.profileVisibility, emailVerified: users.emailVerified })
    .from(users)
    .where(and(eq(users.handle, normalizeHandle(handle)), isNull(users.deletesAt)))
    .get();
  if (row === undefined) return null;
  return { id: row.id, isHidden: row.visibility === 'hidden' || (isProduction && !row.emailVerified) };
}
