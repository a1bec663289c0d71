import type { ApiClient, MyRelease } from './api-client.ts';
import { ApiError } from './api-error.ts';

/** A release that could not be published, and what to do about it. */
export type HeldRelease = { title: string; reason: string };

/**
 * The releases that files belong to, made when the first file needs them and published when all are there. What an
 * earlier run made is found by the names of artist and release, so that a second run makes nothing twice.
 */
export class ReleaseShelf {
  private readonly client: ApiClient;
  private known: Promise<void> | undefined;
  private readonly artists = new Map<string, string>();
  private readonly releases = new Map<string, MyRelease>();
  private readonly wanted = new Map<string, Promise<MyRelease>>();

  constructor(client: ApiClient) {
    this.client = client;
  }

  /** Returns the id of the release of that title by that artist of mine; makes both where they are missing. */
  async releaseFor(artist: string, title: string): Promise<string> {
    const key = keyOf(artist, title);
    const wanted = this.wanted.get(key) ?? this.findOrMake(artist.slice(0, 100), title.slice(0, 200), key);
    this.wanted.set(key, wanted);
    return (await wanted).releaseId;
  }

  /** Publishes every release asked for that is a draft, in the order they were asked for. */
  async publish(): Promise<{ published: number; held: HeldRelease[] }> {
    let published = 0;
    const held: HeldRelease[] = [];
    for (const wanted of this.wanted.values()) {
      const { releaseId, title, state } = await wanted;
      if (state !== 'draft') continue;
      const reason = await this.publishOne(releaseId);
      if (reason === null) published++;
      else held.push({ title, reason });
    }
    return { published, held };
  }

  private async publishOne(releaseId: string): Promise<string | null> {
    const { checklist } = await this.client.getRelease(releaseId);
    const missing = checklist.map(({ code }) => code).filter((code) => code !== 'artwork');
    if (missing.includes('tracks')) return 'none of its files could be used';
    if (missing.includes('track_failed')) return 'some of its files could not be used; see the studio';
    if (missing.length > 0) return 'not all of it is ready yet; run this again, or publish it in the studio';
    // Files without a picture are published without one: the web draws it.
    if (checklist.length > 0) await this.client.takeArtworkAway(releaseId);
    try {
      await this.client.publishRelease(releaseId);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return error.message;
      throw error;
    }
    return null;
  }

  private async findOrMake(artist: string, title: string, key: string): Promise<MyRelease> {
    this.known ??= this.learn();
    await this.known;
    const release = this.releases.get(key);
    if (release !== undefined) return release;
    return this.client.createRelease(await this.artistFor(artist), title);
  }

  private readonly making = new Map<string, Promise<string>>();

  private artistFor(name: string): Promise<string> {
    const key = name.toLowerCase();
    const id = this.artists.get(key);
    if (id !== undefined) return Promise.resolve(id);
    const making = this.making.get(key) ?? this.client.createArtist(name).then(({ artistId }) => artistId);
    this.making.set(key, making);
    return making;
  }

  private async learn(): Promise<void> {
    for (const { artistId, name } of await this.client.listArtists())
      this.artists.set(name.toLowerCase(), artistId);
    for (const release of await this.client.listReleases())
      this.releases.set(keyOf(release.artist.name, release.title), release);
  }
}

function keyOf(artist: string, title: string): string {
  return `${artist.slice(0, 100)}\0${title.slice(0, 200)}`.toLowerCase();
}
