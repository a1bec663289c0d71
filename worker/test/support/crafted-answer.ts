import {
  FAILURE_ENTRY,
  MANIFEST_ENTRY,
  type Manifest,
  PROGRESS_ENTRY,
  type Progress,
  type TranscodeFailure,
} from '@melro/transcoder/contract';
import { packTar } from 'modern-tar';

/** One entry of a transcoder's answer. */
export interface Entry {
  name: string;
  body: string;
}

const progress = (decodedSeconds: number): Entry => ({
  name: PROGRESS_ENTRY,
  body: JSON.stringify({ stage: 'encoding', decodedSeconds, declaredDurationSeconds: 20 } satisfies Progress),
});

/** The objects of a small ladder in the order in which the transcoder sends them, playlists twice as it does. */
const OBJECTS: Entry[] = [
  ...['64', 'lossless'].flatMap((rendition) => [
    { name: `${rendition}/init.mp4`, body: `init of ${rendition}` },
    { name: `${rendition}/0.m4s`, body: `first segment of ${rendition}` },
    { name: `${rendition}/playlist.m3u8`, body: `#EXTM3U\n# growing ${rendition}\n` },
  ]),
  { name: 'lossless.m3u8', body: '#EXTM3U\nlossless/playlist.m3u8\n' },
  { name: 'master.m3u8', body: '#EXTM3U\n64/playlist.m3u8\n' },
  { name: '64/1.m4s', body: 'second segment of 64' },
  { name: 'waveform.json', body: '{"peaks":[0,128,255]}' },
  { name: 'artwork/64.webp', body: 'a picture' },
  { name: '64/playlist.m3u8', body: '#EXTM3U\n# whole\n#EXT-X-ENDLIST\n' },
];

/** Where the answer has its first playlists: from here on its owner may listen. */
const PLAYABLE = OBJECTS.findIndex(({ name }) => name === 'master.m3u8') + 1;

/** What a published version of the crafted answer holds. */
export const PUBLISHED_PATHS = [...new Set(OBJECTS.map(({ name }) => name))].sort();

/** Returns the manifest that fits `objects`. */
export function manifestOf(objects: Entry[], change: Partial<Manifest> = {}): Manifest {
  const sizes = new Map(objects.map(({ name, body }) => [name, body.length]));
  return {
    formatVersion: 1,
    durationSeconds: 20,
    sampleCount: 882_000,
    sampleRateHz: 44_100,
    channels: 2,
    source: {
      container: 'flac',
      codec: 'flac',
      sampleRateHz: 44_100,
      channels: 2,
      bitsPerSample: 16,
      bitrateKbps: 700,
      lossless: true,
    },
    renditions: [
      {
        name: '64',
        codecs: 'mp4a.40.2',
        bandwidthBps: 70_000,
        averageBandwidthBps: 64_000,
        segmentCount: 2,
        bytes: 40,
      },
    ],
    loudness: { integratedLufs: -14, rangeLu: 5, truePeakDbtp: -1 },
    clippedSampleCount: 0,
    tags: {
      title: 'Crafted',
      artist: 'Nobody',
      albumArtist: null,
      album: null,
      genre: null,
      date: null,
      trackNumber: null,
      discNumber: null,
    },
    artwork: { placeholder: 'data:image/webp;base64,AAAA', colours: ['#101010', '#ff7a59'] },
    objects: [...sizes].map(([path, bytes]) => ({ path, bytes })),
    ...change,
  };
}

export function manifestEntry(manifest: Manifest): Entry {
  return { name: MANIFEST_ENTRY, body: JSON.stringify(manifest) };
}

/** Everything before the manifest of a whole answer. */
export const BEFORE_MANIFEST: Entry[] = [
  progress(0),
  ...OBJECTS.slice(0, PLAYABLE),
  progress(10),
  ...OBJECTS.slice(PLAYABLE),
];

/** A whole answer of a track that is fine. */
export const WHOLE_ANSWER: Entry[] = [...BEFORE_MANIFEST, manifestEntry(manifestOf(OBJECTS))];

/** The answer about a file that can never become a track. */
export function failedAnswer(failure: TranscodeFailure): Entry[] {
  return [progress(0), { name: FAILURE_ENTRY, body: JSON.stringify(failure) }];
}

/** Returns entries as a tar archive. */
export function tarOf(entries: Entry[]): Promise<Uint8Array<ArrayBuffer>> {
  return packTar(
    entries.map(({ name, body }) => ({ header: { name, size: body.length, type: 'file' }, body })),
  );
}

/** Returns the tar of `entries` in two pieces, the first of which ends where the track begins to be playable. */
export async function inTwoPieces(entries = WHOLE_ANSWER): Promise<Uint8Array<ArrayBuffer>[]> {
  const tar = await tarOf(entries);
  const first = (await tarOf(entries.slice(0, PLAYABLE + 2))).length - END_OF_ARCHIVE_BYTES;
  return [tar.slice(0, first), tar.slice(first)];
}

/** Two blocks of zeros (POSIX 1003.1, ustar). */
const END_OF_ARCHIVE_BYTES = 1024;
