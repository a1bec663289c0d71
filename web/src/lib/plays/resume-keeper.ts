import { toApiError } from '$lib/api/api-error.ts';
import type { PlaySource } from '$lib/player/queue.ts';

/** Where somebody is in what they play. */
export interface Place {
  trackId: string;
  positionSeconds: number;
  source: PlaySource | null;
  queue: string[];
}

/** What is asked of the API, so that the rules can be tried without one. Rejects with ApiError. */
export interface ResumeServer {
  revision(): Promise<number>;
  write(place: Place, revision: number): Promise<number>;
}

/**
 * Notes where somebody is, so that they go on there on any device. Whoever plays last is right: where another device
 * has written since, its revision is taken up and ours written over it.
 */
export class ResumeKeeper {
  readonly #server: ResumeServer;
  #revision: number | null = null;
  #isWriting = false;
  #next: Place | null = null;

  constructor(server: ResumeServer) {
    this.#server = server;
  }

  /** Notes a place; of several in a row the last counts. Never throws: it is noted again soon. */
  async note(place: Place): Promise<void> {
    this.#next = place;
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#next !== null) {
      const now: Place = this.#next;
      this.#next = null;
      try {
        await this.#write(now);
      } catch {
        // Without a connection there is nothing to do about it.
      }
    }
    this.#isWriting = false;
  }

  async #write(place: Place): Promise<void> {
    this.#revision ??= await this.#server.revision();
    try {
      this.#revision = await this.#server.write(place, this.#revision);
    } catch (error) {
      this.#revision = null;
      if (toApiError(error).code !== 'revision_conflict') throw error;
      this.#revision = await this.#server.write(place, await this.#server.revision());
    }
  }
}
