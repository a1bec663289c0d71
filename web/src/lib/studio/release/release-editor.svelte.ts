import { type ApiError, toApiError } from '$lib/api/api-error.ts';
import { uploads } from '$lib/upload/upload-list.svelte.ts';
import { AutoSave } from '../auto-save.svelte.ts';
import { type Place, placesOf } from '../reorder.ts';
import {
  type EditRelease,
  type Filled,
  loadRelease,
  orderTracks,
  patchRelease,
  patchTrack,
  type ReleaseChange,
  type StudioTrack,
  type TrackChange,
} from '../studio-api.ts';

const POLL_MS = 2000;
const ORDER_DELAY_MS = 500;

export type TrackSave = AutoSave<Filled<TrackChange>>;

function isUnderWay({ state, replacement }: StudioTrack): boolean {
  const isMaking = state === 'queued' || state === 'transcoding' || state === 'uploading';
  return isMaking || (replacement !== null && replacement.state !== 'failed');
}

/** A release that is being edited: what the server knows of it, kept up to date, and what was typed since. */
export class ReleaseEditor {
  release: EditRelease = $state.raw() as EditRelease;
  readonly fields: AutoSave<Filled<ReleaseChange>>;
  /** Why it could not be read the last time. */
  error = $state.raw<ApiError | null>(null);
  /** Tracks that are about to be removed. */
  hidden = $state.raw<readonly string[]>([]);
  /** The order that is not saved yet. */
  #places = $state.raw<readonly Place[] | null>(null);
  /** Made when a track is first shown; what they hold is reactive, which there are follows the tracks. */
  readonly #saves: Record<string, TrackSave> = {};
  /** Grows with every write, so that an answer from before it is not taken for the newest. */
  #writes = 0;
  #writing = 0;
  #isStale = false;
  #poll: ReturnType<typeof setTimeout> | undefined;
  #ordering: ReturnType<typeof setTimeout> | undefined;
  #isWatching = false;

  constructor(release: EditRelease) {
    this.release = release;
    this.fields = new AutoSave((change) => this.write(patchRelease(this.id, change)));
  }

  get id(): string {
    return this.release.releaseId;
  }

  /** The tracks in the order in which they are shown. */
  get tracks(): StudioTrack[] {
    const shown = this.release.tracks.filter(({ trackId }) => !this.hidden.includes(trackId));
    const places = this.#places;
    if (places === null) return shown;
    const at = Object.fromEntries(places.map(({ trackId }, index) => [trackId, index]));
    const last = places.length;
    return shown
      .map((track) => {
        const place = places[at[track.trackId] ?? last];
        return place === undefined ? track : { ...track, discNumber: place.discNumber };
      })
      .toSorted((a, b) => (at[a.trackId] ?? last) - (at[b.trackId] ?? last));
  }

  /** Everything that saves itself here. */
  get saves(): Pick<TrackSave, 'state' | 'problem' | 'retry'>[] {
    const order = {
      state: this.#places === null ? 'saved' : 'waiting',
      problem: null,
      retry: () => {},
    } as const;
    return [this.fields, ...this.release.tracks.map(({ trackId }) => this.saveOf(trackId)), order];
  }

  get isSaved(): boolean {
    return this.saves.every(({ state }) => state === 'saved');
  }

  /** The fields of a track, which save themselves. */
  saveOf(trackId: string): TrackSave {
    const known = this.#saves[trackId];
    if (known !== undefined) return known;
    const save: TrackSave = new AutoSave((change) => this.writeAndRead(patchTrack(trackId, change)));
    this.#saves[trackId] = save;
    return save;
  }

  /** Begins to keep up with what happens to the tracks; returns how to stop. */
  watch(): () => void {
    this.#isWatching = true;
    this.#keepUp();
    return () => {
      this.#isWatching = false;
      clearTimeout(this.#poll);
      void this.flush();
    };
  }

  /** Saves what waits. */
  async flush(): Promise<void> {
    if (this.#places !== null) await this.#saveOrder();
    await Promise.all([this.fields, ...Object.values(this.#saves)].map((save) => save.flush()));
  }

  retry(): void {
    for (const save of [this.fields, ...Object.values(this.#saves)]) save.retry();
  }

  /** Reads the release again. */
  async refresh(): Promise<void> {
    const writes = this.#writes;
    this.#isStale = false;
    try {
      const release = await loadRelease(this.id);
      if (writes === this.#writes) this.release = release;
      this.error = null;
    } catch (error) {
      this.error = toApiError(error);
    }
    this.#keepUp();
  }

  /** Shows what a write answers. Throws what the write throws. */
  write(request: Promise<EditRelease>): Promise<void> {
    return this.#written(request);
  }

  /** Reads the release again after a write that does not answer with it. Throws what the write throws. */
  writeAndRead(request: Promise<unknown>): Promise<void> {
    return this.#written(request.then(() => null));
  }

  async #written(request: Promise<EditRelease | null>): Promise<void> {
    const write = ++this.#writes;
    this.#writing += 1;
    try {
      const answer = await request;
      // An answer does not know of a write that ran beside it.
      if (answer && write === this.#writes && this.#writing === 1) this.release = answer;
      else this.#isStale = true;
    } finally {
      this.#writing -= 1;
    }
    if (this.#writing > 0) return;
    if (this.#isStale) await this.refresh();
    else this.#keepUp();
  }

  /** Puts the tracks in another order, which is saved a moment later. */
  arrange(places: readonly Place[]): void {
    this.#places = places;
    clearTimeout(this.#ordering);
    this.#ordering = setTimeout(() => void this.#saveOrder(), ORDER_DELAY_MS);
  }

  async #saveOrder(isSecondTry = false): Promise<void> {
    clearTimeout(this.#ordering);
    const places = this.#places;
    if (places === null) return;
    const known = this.release.tracks.map(({ trackId }) => trackId);
    const there = places.filter(({ trackId }) => known.includes(trackId));
    const added = placesOf(this.release.tracks).filter(
      ({ trackId }) => !places.some((place) => place.trackId === trackId),
    );
    try {
      await this.write(orderTracks(this.id, [...there, ...added]));
      if (this.#places === places) this.#places = null;
    } catch (cause) {
      const error = toApiError(cause);
      if (error.code === 'tracks_changed' && !isSecondTry) {
        await this.refresh();
        return this.#saveOrder(true);
      }
      this.error = error;
      this.#places = null;
    }
  }

  #keepUp(): void {
    clearTimeout(this.#poll);
    if (!this.#isWatching) return;
    const isBusy = this.release.tracks.some(isUnderWay) || uploads.unsentOf(this.id).length > 0;
    if (isBusy || this.error !== null) this.#poll = setTimeout(() => void this.refresh(), POLL_MS);
  }
}
