import { ApiError, errorFromResponse } from './api-error.ts';
import { defaultRetry, type RetryOptions, withRetry } from './retry.ts';

export type UploadState = 'receiving' | 'completed' | 'rejected';

export type Upload = {
  uploadId: string;
  trackId: string;
  fileName: string;
  sizeBytes: number;
  sha256: string | null;
  state: UploadState;
  partSizeBytes: number;
  partCount: number;
  receivedParts: number[];
  expiresAt: string;
};

export type Track = {
  trackId: string;
  title: string;
  artist: string | null;
  album: string | null;
  state: 'uploading' | 'queued' | 'transcoding' | 'ready' | 'failed';
  progress: number | null;
  failure: { code: string; detail: string } | null;
};

export type CreateUpload = {
  fileName: string;
  sizeBytes: number;
  mediaType?: string;
  sha256?: string;
  releaseId?: string;
};

export type MyRelease = {
  releaseId: string;
  title: string;
  state: 'draft' | 'scheduled' | 'published' | 'withdrawn';
  artist: { name: string };
};

export type MyArtist = { artistId: string; name: string };

type Page<T> = { items: T[]; nextCursor: string | null };

export type ClientOptions = {
  baseUrl: string;
  token?: string | undefined;
  signal?: AbortSignal | undefined;
  retry?: Partial<RetryOptions>;
};

const REQUEST_TIMEOUT_MS = 60_000;
const PART_TIMEOUT_MS = 10 * 60_000;

/**
 * A client for the parts of Melro's API that the command line needs. Every method repeats a request that
 * failed for a passing reason and throws an `ApiError` when it did not help.
 */
export class ApiClient {
  readonly baseUrl: string;
  private readonly token: string | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly retry: RetryOptions;

  constructor(options: ClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.token = options.token;
    this.signal = options.signal;
    this.retry = { ...defaultRetry, ...options.retry, signal: options.signal };
  }

  /** Tells whether the API answers and knows who asks; throws the reason when not, without repeating. */
  async ping(): Promise<void> {
    await this.send('GET', '/api/v1/uploads?limit=1');
  }

  createUpload(
    upload: CreateUpload,
  ): Promise<Pick<Upload, 'uploadId' | 'trackId' | 'partSizeBytes' | 'partCount'>> {
    return this.json('POST', '/api/v1/uploads', JSON.stringify(upload));
  }

  /** Returns my uploads of a file with this SHA-256, newest first. */
  async findUploads(sha256: string): Promise<Upload[]> {
    const page = await this.json<Page<Upload>>('GET', `/api/v1/uploads?sha256=${sha256}`);
    return page.items;
  }

  getUpload(uploadId: string): Promise<Upload> {
    return this.json('GET', `/api/v1/uploads/${uploadId}`);
  }

  /** Sends part `number`, counted from 1. */
  async putPart(uploadId: string, number: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.json('PUT', `/api/v1/uploads/${uploadId}/parts/${number}`, bytes);
  }

  completeUpload(uploadId: string): Promise<{ trackId: string; transcodeId: string }> {
    return this.json('POST', `/api/v1/uploads/${uploadId}/complete`);
  }

  getTrack(trackId: string): Promise<Track> {
    return this.json('GET', `/api/v1/tracks/${trackId}`);
  }

  createArtist(name: string): Promise<MyArtist> {
    return this.json('POST', '/api/v1/artists', JSON.stringify({ name }));
  }

  listArtists(): Promise<MyArtist[]> {
    return this.all('/api/v1/me/artists');
  }

  createRelease(artistId: string, title: string): Promise<MyRelease> {
    return this.json('POST', '/api/v1/releases', JSON.stringify({ artistId, title }));
  }

  listReleases(): Promise<MyRelease[]> {
    return this.all('/api/v1/me/releases');
  }

  /** Returns what is missing before a release of mine can be published. */
  getRelease(releaseId: string): Promise<MyRelease & { checklist: { code: string }[] }> {
    return this.json('GET', `/api/v1/releases/${releaseId}/edit`);
  }

  /** Decides that a release has no cover. */
  async takeArtworkAway(releaseId: string): Promise<void> {
    await this.json('DELETE', `/api/v1/releases/${releaseId}/artwork`);
  }

  async publishRelease(releaseId: string): Promise<void> {
    await this.json('POST', `/api/v1/releases/${releaseId}/publish`);
  }

  /** Returns the tracks of one list, newest first: all ready ones, or mine in every state. */
  async listTracks(whose: 'everyone' | 'mine', atMost: number): Promise<Track[]> {
    const tracks: Track[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '50' });
      if (whose === 'mine') query.set('mine', 'true');
      if (cursor !== null) query.set('cursor', cursor);
      const page: Page<Track> = await this.json<Page<Track>>('GET', `/api/v1/tracks?${query}`);
      tracks.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && tracks.length < atMost);
    return tracks;
  }

  private async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<T> = await this.json<Page<T>>(
        'GET',
        `${path}?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  private json<T>(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<T> {
    return withRetry(async () => {
      const response = await this.send(method, path, body);
      try {
        // The shapes are the API's contract; the tests hold them against the running product.
        return (await response.json()) as T;
      } catch (error) {
        this.signal?.throwIfAborted();
        throw unreachable(this.baseUrl, error);
      }
    }, this.retry);
  }

  private async send(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.token !== undefined) headers.authorization = `Bearer ${this.token}`;
    if (typeof body === 'string') headers['content-type'] = 'application/json';
    if (body instanceof Uint8Array) headers['content-type'] = 'application/octet-stream';
    const timeout = AbortSignal.timeout(body instanceof Uint8Array ? PART_TIMEOUT_MS : REQUEST_TIMEOUT_MS);
    const signal = this.signal === undefined ? timeout : AbortSignal.any([this.signal, timeout]);
    let response: Response;
    try {
      response = await fetch(this.baseUrl + path, { method, headers, body: body ?? null, signal });
    } catch (error) {
      this.signal?.throwIfAborted();
      throw unreachable(this.baseUrl, error);
    }
    if (!response.ok) throw await errorFromResponse(response);
    return response;
  }
}

function unreachable(baseUrl: string, error: unknown): ApiError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
  return new ApiError(0, 'unreachable', `No answer from ${baseUrl} (${reason})`, { cause: error });
}
