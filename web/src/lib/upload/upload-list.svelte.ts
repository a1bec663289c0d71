import { TaskQueue } from '@uppy/core/utils';
import { browser } from '$app/environment';
import { uploadActivity } from '$lib/shell/upload-activity.svelte.ts';
import { ALONE, isSamePlace, type UploadPlace } from './upload-place.ts';
import { apiUploadServer, type UploadServer } from './upload-server.ts';
import { type SharedQueues, UploadTask } from './upload-task.svelte.ts';

/** Over HTTP/1.1 a browser opens six connections to a host; playback and progress need some of them. */
const PARALLEL_PARTS = 3;
const PARALLEL_FILES = 3;

/** The files being uploaded in this tab. They go on while the person looks at other pages. */
export class UploadList {
  tasks = $state.raw<readonly UploadTask[]>([]);
  readonly #server: UploadServer;
  readonly #queues: SharedQueues = {
    files: new TaskQueue({ concurrency: PARALLEL_FILES }),
    parts: new TaskQueue({ concurrency: PARALLEL_PARTS }),
  };

  constructor(server: UploadServer) {
    this.#server = server;
  }

  /** Files that are not with the server yet. */
  get unsent(): UploadTask[] {
    return this.tasks.filter(({ state }) => state !== 'sent' && state !== 'cancelled');
  }

  get active(): UploadTask[] {
    return this.tasks.filter(({ isActive }) => isActive);
  }

  /** Uploads of this tab that belong to a release and are not with the server yet. */
  unsentOf(releaseId: string): UploadTask[] {
    return this.unsent.filter(({ place }) => place.releaseId === releaseId);
  }

  /** The newest upload of a track's file in this tab, if there is one. */
  ofTrack(trackId: string): UploadTask | undefined {
    return this.unsent.find((task) => task.trackId === trackId || task.place.replaces === trackId);
  }

  /** Starts to upload files; one that is under way to the same place, or was paused, is not started twice. */
  add(files: readonly File[], place: UploadPlace = ALONE): void {
    const isOf = (task: UploadTask, file: File) =>
      isSameFile(task.file, file) && isSamePlace(task.place, place);
    const isNew = (file: File) => !this.unsent.some((task) => isOf(task, file));
    const paused = this.unsent.filter((task) => !task.isActive && files.some((file) => isOf(task, file)));
    const added = files.filter(isNew).map((file) => new UploadTask(file, this.#server, this.#queues, place));
    this.tasks = [...this.tasks, ...added];
    for (const task of [...added, ...paused]) void task.start();
  }

  /** Gives an upload up and takes it off the list. */
  remove(task: UploadTask): void {
    this.tasks = this.tasks.filter((other) => other !== task);
    void task.cancel();
  }

  /** Tries again what the connection broke. */
  retryUnreachable(): void {
    for (const task of this.tasks) if (task.state === 'failed' && task.canRetry) void task.start();
  }
}

function isSameFile(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}

/** Keeps the shell informed, and the person from leaving by accident. */
function watch(uploads: UploadList): void {
  addEventListener('online', () => uploads.retryUnreachable());
  addEventListener('beforeunload', (event) => {
    if (uploads.active.length > 0) event.preventDefault();
  });
  $effect.root(() => {
    $effect(() => {
      const { active } = uploads;
      uploadActivity.count = active.length;
      uploadActivity.sentBytes = active.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
      uploadActivity.totalBytes = active.reduce((sum, { file }) => sum + file.size, 0);
    });
  });
}

export const uploads = new UploadList(apiUploadServer());
if (browser) watch(uploads);
