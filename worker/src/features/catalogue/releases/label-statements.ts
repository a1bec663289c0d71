import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database, Statement } from '../../../platform/db.ts';
import { slugFrom } from '../slugs.ts';
import { type LABEL_KINDS, labels, releaseLabels } from './release-tables.ts';

export type LabelKind = (typeof LABEL_KINDS)[number];

/** Returns names and slugs of labels as they were typed, each once, those without a letter left out. */
export function labelsFrom(names: readonly string[]): { name: string; slug: string }[] {
  const bySlug = new Map<string, string>();
  for (const name of names) {
    const slug = slugFrom(name);
    if (slug !== '' && !bySlug.has(slug)) bySlug.set(slug, name.trim());
  }
  return [...bySlug].map(([slug, name]) => ({ slug, name }));
}

/** Adds to the counts of a release's labels, where `guard` holds. */
export function countLabels(db: Database, releaseId: string, by: 1 | -1, guard: SQL): Statement {
  return db
    .update(labels)
    .set({ releaseCount: sql`max(0, ${labels.releaseCount} + ${by})` })
    .where(
      sql`(kind, slug) IN (SELECT l.kind, l.slug FROM release_labels l WHERE l.release_id = ${releaseId}) AND ${guard}`,
    );
}

/**
 * Puts other labels of one kind on a release, where `guard` holds. What is counted stays right: those of a public
 * release are taken off their count before and put on it after.
 */
export function replaceLabels(
  db: Database,
  releaseId: string | SQL,
  kind: LabelKind,
  names: readonly string[],
  guard: SQL = sql`1`,
): Statement[] {
  const wanted = JSON.stringify(labelsFrom(names));
  const isPublic = sql`EXISTS (SELECT 1 FROM releases r WHERE r.id = ${releaseId} AND r.listed_at_ms IS NOT NULL) AND ${guard}`;
  const ofKind = and(sql`${releaseLabels.releaseId} = ${releaseId}`, eq(releaseLabels.kind, kind));
  const count = (by: 1 | -1) =>
    db
      .update(labels)
      .set({ releaseCount: sql`max(0, ${labels.releaseCount} + ${by})` })
      .where(
        sql`(kind, slug) IN (SELECT l.kind, l.slug FROM release_labels l WHERE l.release_id = ${releaseId} AND l.kind = ${kind}) AND ${isPublic}`,
      );
  return [
    count(-1),
    db.delete(releaseLabels).where(and(ofKind, guard)),
    db
      .insert(labels)
      .select(
        sql`SELECT ${kind}, json_extract(value, '$.slug'), json_extract(value, '$.name'), 0 FROM json_each(${wanted}) WHERE ${guard}`,
      )
      .onConflictDoNothing(),
    db
      .insert(releaseLabels)
      .select(
        sql`SELECT ${releaseId}, ${kind}, json_extract(value, '$.slug'), key, (SELECT r.listed_at_ms FROM releases r WHERE r.id = ${releaseId}) FROM json_each(${wanted}) WHERE ${guard}`,
      )
      .onConflictDoNothing(),
    count(1),
  ];
}

/** Returns the names of a release's labels in their order. */
export async function findLabels(db: Database, releaseId: string): Promise<Record<LabelKind, string[]>> {
  const rows = await db
    .select({ kind: releaseLabels.kind, name: labels.name })
    .from(releaseLabels)
    .innerJoin(labels, and(eq(labels.kind, releaseLabels.kind), eq(labels.slug, releaseLabels.slug)))
    .where(eq(releaseLabels.releaseId, releaseId))
    .orderBy(releaseLabels.position);
  const of = (kind: LabelKind) => rows.filter((row) => row.kind === kind).map(({ name }) => name);
  return { genre: of('genre'), tag: of('tag') };
}
