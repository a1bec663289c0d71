/** What the order of tracks is found from. */
export interface Placed {
  id: string;
  fileName: string;
  discNumber: number | null;
  trackNumber: number | null;
}

const byFileName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function byName(a: Placed, b: Placed): number {
  return byFileName.compare(a.fileName, b.fileName) || (a.id < b.id ? -1 : 1);
}

/**
 * Returns the tracks of a release in their order: by disc and number once every one has a number, of its file or of a
 * person; until then by the names of their files, numbers within them counted as numbers.
 */
export function inOrder<Track extends Placed>(tracks: readonly Track[]): Track[] {
  if (tracks.some(({ trackNumber }) => trackNumber === null)) return tracks.toSorted(byName);
  const disc = ({ discNumber }: Placed) => discNumber ?? 1;
  const number = ({ trackNumber }: Placed) => trackNumber ?? 0;
  return tracks.toSorted((a, b) => disc(a) - disc(b) || number(a) - number(b) || byName(a, b));
}

/** Returns the place of every track as it is written when they are published: counted from 1 on each disc. */
export function numbered(
  tracks: readonly Pick<Placed, 'id' | 'discNumber'>[],
): { id: string; discNumber: number; trackNumber: number }[] {
  const counts = new Map<number, number>();
  return tracks.map(({ id, discNumber }) => {
    const disc = discNumber ?? 1;
    const trackNumber = (counts.get(disc) ?? 0) + 1;
    counts.set(disc, trackNumber);
    return { id, discNumber: disc, trackNumber };
  });
}
