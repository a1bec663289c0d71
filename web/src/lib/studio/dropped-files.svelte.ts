import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import { findRecord, readRecords } from '$lib/upload/resume-records.ts';
import { uploads } from '$lib/upload/upload-list.svelte.ts';
import { ALONE, type UploadPlace } from '$lib/upload/upload-place.ts';
import { notices } from './notices.svelte.ts';
import { leftOutSentence, sortFiles } from './sort-files.ts';
import { createRelease } from './studio-api.ts';

/** Recordings that wait until somebody is there whose release they can be. */
class WaitingFiles {
  files = $state.raw<readonly File[]>([]);

  add(files: readonly File[]): void {
    const isNew = (file: File) =>
      !this.files.some(({ name, size }) => name === file.name && size === file.size);
    this.files = [...this.files, ...files.filter(isNew)];
  }

  take(): readonly File[] {
    const { files } = this;
    this.files = [];
    return files;
  }
}

export const waitingFiles = new WaitingFiles();

/** Returns the recordings among files, and says what else there was. */
function recordingsOf(files: readonly File[]): File[] {
  const { audio, pictures, others } = sortFiles(files);
  const sentence = leftOutSentence([...pictures.map(({ name }) => name), ...others]);
  if (sentence !== null) notices.show(sentence);
  return audio;
}

/** Adds recordings to a release that is open, in the order of their names. */
export function addToRelease(files: readonly File[], releaseId: string): void {
  uploads.add(recordingsOf(files), { releaseId, replaces: null });
}

/** Takes files that were dropped on any page: they go into the release that is open, or become a new one. */
export async function receiveFiles(files: readonly File[]): Promise<void> {
  const { releaseId } = page.params;
  const isStudio = page.route.id?.startsWith('/studio/releases') === true;
  if (isStudio && releaseId !== undefined && page.status === 200) return addToRelease(files, releaseId);
  waitingFiles.add(recordingsOf(files));
  if (page.url.pathname !== resolve('/studio')) await goto(resolve('/studio'));
}

/**
 * Makes one draft of the files that wait and goes to it. Files whose upload was begun before go on where they were
 * going. Throws ApiError; the files then wait on.
 */
export async function draftFromWaiting(artistId: string): Promise<void> {
  const files = waitingFiles.take();
  const records = readRecords();
  const begun = files.flatMap((file) => {
    const record = findRecord(records, file);
    return record === null ? [] : [{ file, place: record.place ?? ALONE }];
  });
  const fresh = files.filter((file) => !begun.some((other) => other.file === file));
  try {
    const releaseId = fresh.length > 0 ? (await createRelease(artistId)).releaseId : null;
    for (const { file, place } of begun) uploads.add([file], place);
    if (releaseId !== null) uploads.add(fresh, { releaseId, replaces: null });
    const target = releaseId ?? releaseOf(begun);
    if (target !== null) await goto(resolve('/studio/releases/[releaseId]', { releaseId: target }));
  } catch (error) {
    waitingFiles.add(files);
    throw error;
  }
}

function releaseOf(begun: readonly { place: UploadPlace }[]): string | null {
  return begun.find(({ place }) => place.releaseId !== null)?.place.releaseId ?? null;
}
