import type { Manifest, Tags } from '@melro/transcoder/contract';
import { type Api, type Call, read } from './api.ts';
import { BEFORE_MANIFEST, failedAnswer, manifestEntry, manifestOf, tarOf } from './crafted-answer.ts';
import type { Answering } from './crafted-transcoder.ts';
import { type Installation, install } from './installation.ts';
import type { Person } from './people.ts';
import { type Completed, type OpenedUpload, uploadWhole } from './uploading.ts';

/** What a recording of these tests says of itself; the crafted transcoder reads it where FFmpeg would. */
export interface Told extends Partial<Tags> {
  durationSeconds?: number;
  hasCover?: boolean;
  /** A fault of the file. */
  fault?: 'corrupt';
}

export interface StudioTrack {
  trackId: string;
  title: string;
  artistName: string | null;
  fileName: string;
  state: string;
  discNumber: number | null;
  trackNumber: number | null;
  durationSeconds: number | null;
  artwork: { url64: string } | null;
  isrc: string | null;
  hasLyrics: boolean;
  typedFields: string[];
  replacement: { state: string; fileName: string; failure: { code: string } | null } | null;
  [field: string]: unknown;
}

export interface EditRelease {
  releaseId: string;
  slug: string;
  title: string;
  kind: string;
  state: string;
  releaseDate: string | null;
  publishAt: string | null;
  localDateTime: string | null;
  artwork: { url64: string } | null;
  hasNoArtwork: boolean;
  genres: string[];
  tags: string[];
  typedFields: string[];
  tracks: StudioTrack[];
  trackCount: number;
  durationSeconds: number;
  checklist: { code: string; trackId: string | null }[];
  [field: string]: unknown;
}

let serial = 0;

/** Returns the bytes of a file that says this of itself; no two are alike. */
export function fileThatSays(told: Told): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`fLaC${JSON.stringify({ ...told, serial: serial++ })}`));
}

const NO_TAGS: Tags = {
  title: null,
  artist: null,
  albumArtist: null,
  album: null,
  genre: null,
  date: null,
  trackNumber: null,
  discNumber: null,
};

const answer: Answering = async (original) => {
  const told = JSON.parse(new TextDecoder().decode(original).slice(4)) as Told & { serial: number };
  const { durationSeconds = 20, hasCover = false, fault, serial: _serial, ...tags } = told;
  if (fault !== undefined) return new Response(await tarOf(failedAnswer({ code: fault, detail: 'It is.' })));
  const change: Partial<Manifest> = { tags: { ...NO_TAGS, ...tags }, durationSeconds };
  const objects = BEFORE_MANIFEST.filter(({ name }) => !name.endsWith('.json') || name === 'waveform.json');
  const whole = manifestOf(objects, hasCover ? change : { ...change, artwork: null });
  return new Response(await tarOf([...BEFORE_MANIFEST, manifestEntry(whole)]));
};

/** An installation in which somebody has an artist and puts files on releases. */
export interface Studio extends Installation {
  /** Calls as Alice, the artist's owner, unless the call says otherwise. */
  call(path: string, call?: Call): Promise<Response>;
  artistId: string;
  begin(json?: Record<string, unknown>): Promise<EditRelease>;
  edit(releaseId: string): Promise<EditRelease>;
  /** Uploads a file; it is transcoded when the queue is drained. */
  drop(
    file: Told,
    promise: { fileName?: string; releaseId?: string; replaces?: string },
    as?: Person,
  ): Promise<Completed & OpenedUpload>;
  drain(): Promise<void>;
  /** Returns a release with these titles on it, all transcoded, that lacks nothing. */
  complete(titles?: readonly string[], json?: Record<string, unknown>): Promise<EditRelease>;
}

export async function openStudio(name = `Nightjar ${Date.now().toString(36)}${serial++}`): Promise<Studio> {
  const installation = await install(answer);
  const { api, queue, bindings } = installation;
  const call = (path: string, given: Call = {}) => api(path, { as: 'alice', ...given });
  const { artistId } = await read<{ artistId: string }>(await call('/api/v1/artists', { json: { name } }));
  const must = async (response: Response) => {
    if (!response.ok) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return read<EditRelease>(response);
  };
  const begin = async (json: Record<string, unknown> = {}) =>
    must(await call('/api/v1/releases', { json: { artistId, ...json } }));
  const edit = async (releaseId: string) => must(await call(`/api/v1/releases/${releaseId}/edit`));
  const drop = (file: Told, promise: object, as: Person = 'alice') =>
    uploadWhole(api as Api, as, fileThatSays(file), promise);
  const drain = () => queue.drain(bindings);
  return {
    ...installation,
    call,
    artistId,
    begin,
    edit,
    drop,
    drain,
    complete: async (titles = ['One', 'Two'], json = {}) => {
      const { releaseId } = await begin({ title: `Complete ${serial++}`, ...json });
      for (const [at, title] of titles.entries())
        await drop({ title, trackNumber: at + 1, hasCover: true }, { releaseId });
      await drain();
      return edit(releaseId);
    },
  };
}
