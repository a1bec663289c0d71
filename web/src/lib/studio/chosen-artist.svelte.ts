import { readStored, writeStored } from '$lib/stored.ts';
import type { OwnArtist } from './studio-api.ts';

const STORAGE_KEY = 'melro.studio.artist';

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whose music is made at the moment, of whoever looks after several artists; this browser remembers it. */
class ChosenArtist {
  #id = $state<string | null>(null);

  /** Reads what was chosen before; the server cannot know it. */
  restore(): void {
    this.#id = readStored(STORAGE_KEY, isText, '') || null;
  }

  /** Returns the artist among `artists` who was chosen, else the first; null where there is none. */
  of(artists: readonly OwnArtist[]): OwnArtist | null {
    return artists.find(({ artistId }) => artistId === this.#id) ?? artists[0] ?? null;
  }

  choose(artistId: string): void {
    this.#id = artistId;
    writeStored(STORAGE_KEY, artistId);
  }
}

export const chosenArtist = new ChosenArtist();
