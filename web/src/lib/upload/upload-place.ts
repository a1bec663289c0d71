/** Where a recording goes that is uploaded. */
export interface UploadPlace {
  /** The release that it is added to; null for one that stands alone. */
  releaseId: string | null;
  /** The track whose sound it takes the place of. */
  replaces: string | null;
}

export const ALONE: UploadPlace = { releaseId: null, replaces: null };

export function isSamePlace(a: UploadPlace, b: UploadPlace): boolean {
  return a.releaseId === b.releaseId && a.replaces === b.replaces;
}
