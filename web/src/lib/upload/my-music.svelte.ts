import { SvelteSet } from 'svelte/reactivity';
import { type ApiError, toApiError } from '$lib/api/api-error.ts';
import { apiClient, jsonOf, type Track, type Upload } from '$lib/api/client.ts';
import { followTrack, isSettled } from '$lib/api/track-events.ts';
import { unfinishedUploads } from './upload-server.ts';

const PAGE_SIZE = '100';
/** Each stream holds one of a browser's six HTTP/1.1 connections. */
const MOST_STREAMS = 2;
const POLL_MS = 4000;

function isUnderWay(track: Track): boolean {
  return track.state !== 'uploading' && !isSettled(track);
}

/** What the person has uploaded, in every state, kept up to date while it is looked at. */
export class MyMusic {
  tracks = $state.raw<readonly Track[]>([]);
  unfinished = $state.raw<readonly Upload[]>([]);
  nextCursor = $state<string | null>(null);
  error = $state.raw<ApiError | null>(null);
  isLoaded = $state(false);
  #leaving = new AbortController();
  readonly #followed = new SvelteSet<string>();
  #poll: ReturnType<typeof setTimeout> | undefined;

  readonly #onChange: (track: Track) => void;

  /** `onChange` hears of every track that has changed while it was watched. */
  constructor(onChange: (track: Track) => void) {
    this.#onChange = onChange;
  }

  /** Begins to keep up; returns how to stop. */
  watch(): () => void {
    this.#leaving = new AbortController();
    void this.refresh();
    return () => {
      this.#leaving.abort();
      this.#followed.clear();
      clearTimeout(this.#poll);
    };
  }

  /** Reads the newest again. */
  async refresh(): Promise<void> {
    clearTimeout(this.#poll);
    const { signal } = this.#leaving;
    try {
      const [{ items, nextCursor }, unfinished] = await Promise.all([this.#page(null), unfinishedUploads()]);
      if (signal.aborted) return;
      const oldest = items.at(-1)?.trackId ?? '';
      const older = this.tracks.filter((track) => track.trackId < oldest);
      this.tracks = [...items, ...older];
      if (older.length === 0) this.nextCursor = nextCursor;
      this.unfinished = unfinished;
      this.error = null;
      this.isLoaded = true;
    } catch (error) {
      if (signal.aborted) return;
      this.error = toApiError(error);
    }
    this.#keepUp();
  }

  /** Reads the page that follows. */
  async loadMore(): Promise<void> {
    try {
      const { items, nextCursor } = await this.#page(this.nextCursor);
      this.tracks = [...this.tracks, ...items];
      this.nextCursor = nextCursor;
    } catch (error) {
      this.error = toApiError(error);
    }
  }

  #page(cursor: string | null) {
    const query = { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) };
    return jsonOf(apiClient().api.v1.me.tracks.$get({ query }));
  }

  /** Follows the tracks that are next to be ready, and polls while there are more than that. */
  #keepUp(): void {
    if (this.#leaving.signal.aborted) return;
    const underWay = this.tracks.filter(isUnderWay);
    const nextFirst = [
      ...underWay.filter(({ state }) => state === 'transcoding'),
      ...underWay.filter(({ state }) => state === 'queued').toReversed(),
    ];
    for (const { trackId } of nextFirst) {
      if (this.#followed.size >= MOST_STREAMS) break;
      if (!this.#followed.has(trackId)) void this.#follow(trackId);
    }
    clearTimeout(this.#poll);
    if (underWay.length > this.#followed.size) this.#poll = setTimeout(() => void this.refresh(), POLL_MS);
  }

  async #follow(trackId: string): Promise<void> {
    this.#followed.add(trackId);
    try {
      for await (const now of followTrack(trackId, this.#leaving.signal)) {
        this.tracks = this.tracks.map((track) => (track.trackId === trackId ? now : track));
        this.#onChange(now);
      }
    } catch (error) {
      this.error = toApiError(error);
    }
    this.#followed.delete(trackId);
    this.#keepUp();
  }
}
