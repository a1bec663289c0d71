import { type SQL, sql } from 'drizzle-orm';
import { ProblemError } from '../../../platform/errors.ts';
import type { TellChanged } from '../ports.ts';
import { slugsToTry } from '../slugs.ts';
import { inOrder, numbered } from '../tracks/order.ts';
import type { StudioTracks } from '../tracks/studio-tracks.ts';
import { type ChecklistItem, checklistOf } from './checklist.ts';
import { isIn, type ReleaseRow, type ReleaseState, type ReleaseStore } from './release-store.ts';

/** Due releases that one sweep publishes. */
const SWEEP_LIMIT = 50;

/** What publishing needs. */
export interface PublishDeps {
  releases: ReleaseStore;
  studioTracks: StudioTracks;
  changed: TellChanged;
}

/** Returns the refusal of a change that a release's state does not allow. */
export function wrongState(detail: string): ProblemError {
  return new ProblemError('release_state', detail);
}

function incomplete(checklist: readonly ChecklistItem[]): ProblemError {
  return new ProblemError('release_incomplete', 'Something is still missing.', { checklist });
}

/** What others do because a release came out or went; the one place to hang it on. */
async function afterReleaseChanged({ changed }: PublishDeps, { id, artistId }: ReleaseRow): Promise<void> {
  await changed(id, artistId);
}

/** Publishes if `guard` holds and nothing is missing; returns whether this call did it. */
async function publishIf(
  deps: PublishDeps,
  release: ReleaseRow,
  guard: SQL,
  nowMs: number,
): Promise<boolean> {
  const { releases, studioTracks } = deps;
  const places = numbered(inOrder(await studioTracks.listOf(release.id)));
  const number = (holds: SQL) => studioTracks.place(release.id, places, [], holds);
  // An address that was public once stays what it was.
  const slugs = release.state === 'withdrawn' ? [null] : slugsToTry(release.title, release.id);
  for (const slug of slugs) {
    if (await releases.publish(release.id, guard, { slug, nowMs }, [number])) {
      await afterReleaseChanged(deps, release);
      return true;
    }
  }
  return false;
}

/** Publishes a release now. Throws `release_state`, and `release_incomplete` with what is missing. */
export async function publishNow(deps: PublishDeps, release: ReleaseRow): Promise<void> {
  const from: ReleaseState[] = ['draft', 'scheduled', 'withdrawn'];
  if (!from.includes(release.state)) throw wrongState('It is public already.');
  const missing = checklistOf(release, await deps.studioTracks.listOf(release.id));
  if (missing.length > 0) throw incomplete(missing);
  if (await publishIf(deps, release, isIn(release.id, from), Date.now())) return;
  throw wrongState('It was changed meanwhile. Look at it again, then publish.');
}

/** Has a release published at a moment. Throws `release_state`, and `release_incomplete` with what is missing. */
export async function schedule(
  { releases, studioTracks }: PublishDeps,
  release: ReleaseRow,
  at: { publishAtMs: number; timeZone: string },
): Promise<void> {
  const missing = checklistOf(release, await studioTracks.listOf(release.id));
  if (missing.length > 0) throw incomplete(missing);
  if (!(await releases.schedule(release.id, ['draft', 'scheduled', 'withdrawn'], at, Date.now())))
    throw wrongState('Only what is not public can be scheduled.');
}

/** Makes a public release private again. Throws `release_state`. */
export async function withdraw(deps: PublishDeps, release: ReleaseRow): Promise<void> {
  if (!(await deps.releases.withdraw(release.id, Date.now()))) throw wrongState('It is not public.');
  await afterReleaseChanged(deps, release);
}

/**
 * Publishes what is due, each once however many sweeps run at a time; returns how many this one published. What lacks
 * something meanwhile stays scheduled and is tried again.
 */
export async function publishDue(deps: PublishDeps, nowMs: number): Promise<number> {
  let count = 0;
  for (const release of await deps.releases.due(nowMs, SWEEP_LIMIT)) {
    const isDue = sql`EXISTS (SELECT 1 FROM releases d WHERE d.id = ${release.id} AND d.state = 'scheduled' AND d.publish_at_ms <= ${nowMs})`;
    if (await publishIf(deps, release, isDue, nowMs)) count++;
  }
  return count;
}
