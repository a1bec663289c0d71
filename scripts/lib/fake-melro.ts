import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MyArtist, MyRelease, Track, Upload } from './api-client.ts';

type StoredUpload = Upload & { parts: Map<number, Buffer> };

/** A stand-in for Melro's API in tests: keeps everything in memory and can be told to misbehave. */
export class FakeMelro {
  readonly partSizeBytes: number;
  readonly uploads = new Map<string, StoredUpload>();
  readonly tracks = new Map<string, Track>();
  readonly artists: MyArtist[] = [];
  readonly releases = new Map<string, MyRelease>();
  /** Releases that tracks are on, by track. */
  readonly onRelease = new Map<string, string>();
  /** Requests as `METHOD /path`, in order. */
  readonly requests: string[] = [];
  /** Asked before each request; a status it returns is answered instead. */
  sabotage: (request: string) => { status: number; retryAfterSeconds?: number } | undefined = () => undefined;
  /** The state tracks end in, decided by the file's name. */
  verdict: (fileName: string) => Track['failure'] = () => null;
  private readonly server: Server;

  constructor(partSizeBytes = 1000) {
    this.partSizeBytes = partSizeBytes;
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  /** Starts listening and returns the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Number of requests that start with a text. */
  count(prefix: string): number {
    return this.requests.filter((request) => request.startsWith(prefix)).length;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const name = `${request.method} ${url.pathname}`;
    this.requests.push(name);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const wrong = this.sabotage(name);
    if (wrong !== undefined) {
      if (wrong.retryAfterSeconds !== undefined) response.setHeader('retry-after', wrong.retryAfterSeconds);
      answer(response, wrong.status, problem(wrong.status, 'unavailable', 'Sabotaged'));
      return;
    }
    const [status, body] = this.route(name, url, Buffer.concat(chunks), request);
    answer(response, status, body);
  }

  private route(
    name: string,
    url: URL,
    body: Buffer,
    request: IncomingMessage,
  ): [status: number, body: unknown] {
    const part = /^PUT \/api\/v1\/uploads\/([^/]+)\/parts\/(\d+)$/.exec(name);
    const upload = this.uploads.get(/\/uploads\/([^/]+)/.exec(name)?.[1] ?? '');
    if (name === 'POST /api/v1/uploads') return this.create(JSON.parse(body.toString()));
    if (name === 'GET /api/v1/uploads') {
      const wanted = url.searchParams.get('sha256');
      const items = [...this.uploads.values()].filter(({ sha256 }) => sha256 === wanted).reverse();
      return [200, { items: items.map(present), nextCursor: null }];
    }
    if (part !== null && upload !== undefined) {
      if (request.headers['content-length'] === undefined)
        return refusal(411, 'length_required', 'No length');
      const number = Number(part[2]);
      const last = upload.sizeBytes - (upload.partCount - 1) * upload.partSizeBytes;
      const expected = number === upload.partCount ? last : upload.partSizeBytes;
      if (body.length !== expected) return refusal(422, 'part_size_mismatch', 'The part has the wrong size');
      upload.parts.set(number, body);
      return [200, { number, etag: `"${number}"` }];
    }
    if (name.endsWith('/complete') && upload !== undefined) return this.complete(upload);
    if (name === 'GET /api/v1/tracks')
      return [200, { items: [...this.tracks.values()].reverse(), nextCursor: null }];
    const answered = this.catalogue(name, body);
    if (answered !== null) return answered;
    const track = this.tracks.get(/^GET \/api\/v1\/tracks\/(.+)$/.exec(name)?.[1] ?? '');
    if (track !== undefined) return [200, track];
    return refusal(404, 'not_found', 'There is nothing here');
  }

  private catalogue(name: string, body: Buffer): [status: number, body: unknown] | null {
    const [, releaseId = '', action] = /\/releases\/([^/]+)\/(\w+)$/.exec(name) ?? [];
    const release = this.releases.get(releaseId);
    if (name === 'GET /api/v1/me/artists') return [200, { items: this.artists, nextCursor: null }];
    if (name === 'GET /api/v1/me/releases')
      return [200, { items: [...this.releases.values()], nextCursor: null }];
    if (name === 'POST /api/v1/artists') {
      const artist: MyArtist = { artistId: `art_${randomUUID()}`, ...JSON.parse(body.toString()) };
      this.artists.push(artist);
      return [201, artist];
    }
    if (name === 'POST /api/v1/releases') {
      const { artistId, title } = JSON.parse(body.toString());
      const artist = this.artists.find((one) => one.artistId === artistId);
      if (artist === undefined) return refusal(404, 'not_found', 'There is no such artist');
      const made: MyRelease = { releaseId: `rel_${randomUUID()}`, title, state: 'draft', artist };
      this.releases.set(made.releaseId, made);
      return [201, made];
    }
    if (release === undefined) return null;
    if (action === 'publish') release.state = 'published';
    const tracks = [...this.onRelease]
      .filter(([, on]) => on === releaseId)
      .map(([id]) => this.tracks.get(id));
    const checklist = [
      ...(tracks.length === 0 ? [{ code: 'tracks' }] : []),
      ...tracks.filter((track) => track?.state !== 'ready').map(() => ({ code: 'track_failed' })),
    ];
    return [200, { ...release, checklist }];
  }

  private create(wanted: {
    fileName: string;
    sizeBytes: number;
    sha256?: string;
    releaseId?: string;
  }): [number, unknown] {
    const upload: StoredUpload = {
      uploadId: `upl_${randomUUID()}`,
      trackId: `trk_${randomUUID()}`,
      fileName: wanted.fileName,
      sizeBytes: wanted.sizeBytes,
      sha256: wanted.sha256 ?? null,
      state: 'receiving',
      partSizeBytes: this.partSizeBytes,
      partCount: Math.ceil(wanted.sizeBytes / this.partSizeBytes),
      receivedParts: [],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      parts: new Map(),
    };
    this.uploads.set(upload.uploadId, upload);
    if (wanted.releaseId !== undefined) this.onRelease.set(upload.trackId, wanted.releaseId);
    this.tracks.set(upload.trackId, this.track(upload, 'uploading'));
    return [201, present(upload)];
  }

  private complete(upload: StoredUpload): [number, unknown] {
    if (upload.parts.size < upload.partCount) return refusal(409, 'upload_incomplete', 'Parts are missing');
    const whole = Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
    if (upload.sha256 !== null && createHash('sha256').update(whole).digest('hex') !== upload.sha256) {
      upload.state = 'rejected';
      return refusal(422, 'checksum_mismatch', 'The file arrived changed');
    }
    upload.state = 'completed';
    const failure = this.verdict(upload.fileName);
    this.tracks.set(upload.trackId, {
      ...this.track(upload, failure === null ? 'ready' : 'failed'),
      failure,
    });
    return [202, { trackId: upload.trackId, transcodeId: 'tcd_1' }];
  }

  private track(upload: Upload, state: Track['state']): Track {
    const { trackId, fileName: title } = upload;
    return { trackId, title, artist: null, album: null, state, progress: null, failure: null };
  }
}

function present({ parts, ...upload }: StoredUpload): Upload {
  return { ...upload, receivedParts: [...parts.keys()] };
}

function problem(status: number, code: string, detail: string): unknown {
  return { type: 'about:blank', title: code, status, detail, code, requestId: 'req_1' };
}

function refusal(status: number, code: string, detail: string): [number, unknown] {
  return [status, problem(status, code, detail)];
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', status < 400 ? 'application/json' : 'application/problem+json');
  response.end(JSON.stringify(body));
}
