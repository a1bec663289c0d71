/** Bounds how many jobs run at once; each has a slot, and in it a folder. */
import { createJobFolder, removeJobFolder } from './job-folder.ts';

/** One running job's place. */
export interface JobSlot {
  /** Creates the job's folder. @throws where the disk refuses. */
  openFolder(): Promise<string>;
  /** Removes the folder and gives the place back; calling it again does nothing. */
  release(): Promise<void>;
}

/** The places for jobs of one service. */
export class JobSlots {
  readonly capacity: number;
  readonly #workFolder: string;
  #busy = 0;

  constructor(capacity: number, workFolder: string) {
    this.capacity = capacity;
    this.#workFolder = workFolder;
  }

  get busy(): number {
    return this.#busy;
  }

  /** @returns a slot, or null where all are taken. */
  take(): JobSlot | null {
    if (this.#busy >= this.capacity) return null;
    this.#busy += 1;
    let folder: string | undefined;
    let released: Promise<void> | undefined;
    const release = async (): Promise<void> => {
      try {
        if (folder) await removeJobFolder(folder);
      } finally {
        this.#busy -= 1;
      }
    };
    return {
      openFolder: async () => {
        folder = await createJobFolder(this.#workFolder);
        return folder;
      },
      release: () => {
        released ??= release();
        return released;
      },
    };
  }
}
