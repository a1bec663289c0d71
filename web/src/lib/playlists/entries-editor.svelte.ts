import { SvelteSet } from 'svelte/reactivity';
import { toApiError } from '$lib/api/api-error.ts';
import type { ChangedEntries, EntriesServer, Entry } from './playlists-api.ts';

/** What was done last, and how to take it back. */
export interface Notice {
  text: string;
  undo: (() => Promise<void>) | null;
}

const titleOf = (entry: Entry | undefined) => entry?.track?.title ?? 'A track that is not available';

/** The entries of a playlist while somebody edits them: shown at once, put right by what the API answers. */
export class EntriesEditor {
  entries = $state.raw<Entry[]>([]);
  notice = $state.raw<Notice | null>(null);
  /** Said aloud to those who do not see the rows move. */
  announcement = $state('');
  readonly selected = new SvelteSet<string>();
  readonly #server: EntriesServer;
  readonly #onchanged: (changed: ChangedEntries) => void;
  readonly #reload: () => Promise<void>;
  /** Changes reach the API one after the other, in the order in which they were made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    entries: Entry[],
    server: EntriesServer,
    onchanged: (changed: ChangedEntries) => void,
    reload: () => Promise<void>,
  ) {
    this.entries = entries;
    this.#server = server;
    this.#onchanged = onchanged;
    this.#reload = reload;
  }

  /** Adds what is loaded behind what is there. */
  append(more: readonly Entry[]): void {
    const isKnown = (entryId: string | null) => this.entries.some((entry) => entry.entryId === entryId);
    this.entries = [...this.entries, ...more.filter(({ entryId }) => !isKnown(entryId))];
  }

  /** Moves one entry so that it stands at `index` afterwards. */
  move(entryId: string, index: number): Promise<void> {
    const from = this.entries.findIndex((entry) => entry.entryId === entryId);
    const to = Math.max(0, Math.min(index, this.entries.length - 1));
    const entry = this.entries[from];
    if (entry === undefined || from === to) return Promise.resolve();
    const before = this.entries[from - 1]?.entryId ?? null;
    this.entries = this.entries.toSpliced(from, 1).toSpliced(to, 0, entry);
    const after = this.entries[to - 1]?.entryId ?? null;
    this.announcement = `${titleOf(entry)}, now ${to + 1} of ${this.entries.length}`;
    this.notice = {
      text: `Moved ${titleOf(entry)}`,
      undo: () => this.#change(() => this.#server.move([entryId], before), 'Moved back'),
    };
    return this.#change(() => this.#server.move([entryId], after));
  }

  /** Removes entries; the notice brings them back. */
  remove(entryIds: readonly string[]): Promise<void> {
    const gone = this.entries.filter(({ entryId }) => entryIds.includes(entryId ?? ''));
    this.entries = this.entries.filter((entry) => !gone.includes(entry));
    for (const id of entryIds) this.selected.delete(id);
    const text = gone.length === 1 ? `Removed ${titleOf(gone[0])}` : `Removed ${gone.length} tracks`;
    this.announcement = text;
    this.notice = {
      text,
      undo: () => this.#change(() => this.#server.restore([...entryIds]), 'Brought back'),
    };
    return this.#change(() => this.#server.remove([...entryIds]), null, entryIds);
  }

  async undo(): Promise<void> {
    const undo = this.notice?.undo;
    this.notice = null;
    await undo?.();
  }

  async #change(
    send: () => Promise<ChangedEntries>,
    announcement: string | null = null,
    gone: readonly string[] = [],
  ): Promise<void> {
    const sent = this.#last.then(send);
    this.#last = sent.catch(() => undefined);
    try {
      const changed = await sent;
      this.#take(changed.entries.filter(({ entryId }) => !gone.includes(entryId ?? '')));
      this.#onchanged(changed);
      if (announcement !== null) this.announcement = announcement;
    } catch (error) {
      this.notice = { text: `That did not work. ${toApiError(error).message}`, undo: null };
      await this.#reload();
    }
  }

  /** Takes in entries as the API knows them and puts all in their order. */
  #take(changed: readonly Entry[]): void {
    const others = this.entries.filter(({ entryId }) => !changed.some((entry) => entry.entryId === entryId));
    const key = ({ position, entryId }: Entry) => `${position} ${entryId}`;
    this.entries = [...others, ...changed].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
