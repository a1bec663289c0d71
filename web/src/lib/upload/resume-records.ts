import { readStored, writeStored } from '$lib/stored.ts';
import { ALONE, isSamePlace, type UploadPlace } from './upload-place.ts';

/**
 * What lets an upload go on after a reload. Browsers forget the file, so the person drops it again; it is the same
 * one only if its date is the same too, since a new mix of a song often has the size of the old one.
 */
export interface ResumeRecord {
  fileName: string;
  sizeBytes: number;
  lastModifiedMs: number;
  uploadId: string;
  trackId: string;
  /** Where it goes; without it, nowhere in particular. */
  place?: UploadPlace;
}

const STORAGE_KEY = 'melro.uploads';
/** More than anybody has under way at once; keeps the list from growing for ever. */
const MOST_RECORDS = 200;

function isRecord(value: unknown): value is ResumeRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { fileName, sizeBytes, lastModifiedMs, uploadId, trackId } = value as Partial<
    Record<string, unknown>
  >;
  return (
    [fileName, uploadId, trackId].every((text) => typeof text === 'string') &&
    [sizeBytes, lastModifiedMs].every((number) => typeof number === 'number')
  );
}

function areRecords(value: unknown): value is ResumeRecord[] {
  return Array.isArray(value) && value.every(isRecord);
}

/** Returns all uploads that were begun in this browser and not finished. */
export function readRecords(): ResumeRecord[] {
  return readStored(STORAGE_KEY, areRecords, []);
}

/** Returns the unfinished upload of this very file, or null; where `place` is given, only of one that goes there. */
export function findRecord(
  records: readonly ResumeRecord[],
  file: Pick<File, 'name' | 'size' | 'lastModified'>,
  place?: UploadPlace,
): ResumeRecord | null {
  return (
    records.find(
      (record) =>
        record.fileName === file.name &&
        record.sizeBytes === file.size &&
        record.lastModifiedMs === file.lastModified &&
        (place === undefined || isSamePlace(record.place ?? ALONE, place)),
    ) ?? null
  );
}

/** Remembers an upload until `forgetRecord`. */
export function keepRecord(record: ResumeRecord): void {
  const others = readRecords().filter(({ uploadId }) => uploadId !== record.uploadId);
  writeStored(STORAGE_KEY, [record, ...others].slice(0, MOST_RECORDS));
}

/** Forgets an upload that is finished or given up. */
export function forgetRecord(uploadId: string): void {
  writeStored(
    STORAGE_KEY,
    readRecords().filter((record) => record.uploadId !== uploadId),
  );
}
