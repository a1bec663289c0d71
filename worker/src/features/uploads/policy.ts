const MIB = 1024 * 1024;

/** R2 wants at least 5 MiB in every part but the last; small parts lose little when a line breaks. */
export const PART_SIZE_BYTES = 8 * MIB;

/** An upload that is not completed by then is swept. */
export const UPLOAD_LIFETIME_MS = 7 * 24 * 60 * 60_000;

/** Expired uploads that one sweep removes. */
export const SWEEP_LIMIT = 100;

/** Returns how many parts a file of this size has. */
export function partCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / PART_SIZE_BYTES);
}

/** Returns the exact size in bytes of part `number`, counted from 1. */
export function partSize(sizeBytes: number, number: number): number {
  return Math.min(PART_SIZE_BYTES, sizeBytes - (number - 1) * PART_SIZE_BYTES);
}
