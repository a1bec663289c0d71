import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, Track } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** How many tracks are asked about at a time; they finish in about the order they were uploaded. */
const WATCHED_AT_ONCE = 8;
const POLL_SECONDS = 1;

/** Follows tracks until they are ready or have failed. */
export class TranscodeWatch {
  private readonly client: ApiClient;
  private readonly onSettled: (track: Track) => void;
  private readonly signal: AbortSignal | undefined;
  private readonly waiting = new Map<string, number>();

  constructor(client: ApiClient, onSettled: (track: Track) => void, signal?: AbortSignal) {
    this.client = client;
    this.onSettled = onSettled;
    this.signal = signal;
  }

  /** Number of tracks that are not settled yet. */
  get pending(): number {
    return this.waiting.size;
  }

  /** Sum of the waiting tracks' progress, each 0…1. */
  get partialProgress(): number {
    return [...this.waiting.values()].reduce((sum, progress) => sum + progress, 0);
  }

  /** Adds a track to follow. */
  add(trackId: string): void {
    this.waiting.set(trackId, 0);
  }

  /**
   * Asks about waiting tracks once a second until `isLast` says that no more will come and none is left.
   * Rejects when the API stops answering or the signal is raised.
   */
  async run(isLast: () => boolean): Promise<void> {
    while (this.waiting.size > 0 || !isLast()) {
      const batch = [...this.waiting.keys()].slice(0, WATCHED_AT_ONCE);
      await Promise.all(batch.map((trackId) => this.ask(trackId)));
      await sleep(POLL_SECONDS * 1000, undefined, this.signal === undefined ? {} : { signal: this.signal });
    }
  }

  private async ask(trackId: string): Promise<void> {
    const track = await this.find(trackId);
    if (track.state === 'ready' || track.state === 'failed') {
      this.waiting.delete(trackId);
      this.onSettled(track);
      return;
    }
    this.waiting.set(trackId, track.progress ?? 0);
  }

  private async find(trackId: string): Promise<Track> {
    try {
      return await this.client.getTrack(trackId);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      const failure = { code: 'not_found', detail: 'The track was removed while it was being prepared' };
      return { trackId, title: '', artist: null, album: null, state: 'failed', progress: null, failure };
    }
  }
}
