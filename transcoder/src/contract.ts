/**
 * What the transcoder answers: the one file that the Worker and the transcoder share.
 * Pure data and zod schemas, safe to import in Node, workerd and browsers.
 */
import { z } from 'zod';

/** Nominal AAC-LC bitrates in kbit/s, lowest first; a rendition's folder is its bitrate. */
export const AAC_BITRATES_KBPS = [64, 128, 192, 320] as const;

/** Folder of the FLAC rendition. */
export const LOSSLESS_RENDITION = 'lossless';

export const RENDITION_NAMES = ['64', '128', '192', '320', LOSSLESS_RENDITION] as const;
export type RenditionName = (typeof RENDITION_NAMES)[number];

/** Widths and heights in pixels of the WebP covers at `artwork/{size}.webp`. */
export const ARTWORK_SIZES_PX = [64, 300, 640] as const;

/** Shapes that `POST /artwork` makes, each with the pixel sizes of its WebP pictures, smallest first. */
export const PICTURE_SIZES_PX = {
  square: ARTWORK_SIZES_PX.map((sizePx) => ({ width: sizePx, height: sizePx })),
  banner: [
    { width: 750, height: 250 },
    { width: 1500, height: 500 },
  ],
} as const satisfies Record<string, readonly PictureSize[]>;
export type PictureShape = keyof typeof PICTURE_SIZES_PX;

export interface PictureSize {
  width: number;
  height: number;
}

/** Largest picture accepted, in bytes. */
export const MAX_PICTURE_BYTES = 10 * 1024 ** 2;

/** Name of the tar entry that holds the picture of a width. */
export function pictureEntry(widthPx: number): string {
  return `${widthPx}.webp`;
}

/** Longest recording accepted, in seconds. */
export const MAX_DURATION_SECONDS = 3 * 60 * 60;

/** Largest original accepted, in bytes. */
export const MAX_ORIGINAL_BYTES = 2 * 1024 ** 3;

/** Path of the master playlist that offers AAC renditions up to `maxBitrateKbps`. */
export function masterPlaylistPath(maxBitrateKbps: number = 320): string {
  return maxBitrateKbps >= 320 ? 'master.m3u8' : `master-${maxBitrateKbps}.m3u8`;
}

export const LOSSLESS_MASTER_PATH = 'lossless.m3u8';
export const WAVEFORM_PATH = 'waveform.json';

/** Tar entries that speak about the job; every other entry is an object to store under its own path. */
export const PROGRESS_ENTRY = 'progress.json';
export const FAILURE_ENTRY = 'failure.json';
export const MANIFEST_ENTRY = 'manifest.json';

export const progressSchema = z.object({
  stage: z.enum(['probing', 'encoding', 'finishing']),
  decodedSeconds: z.number().nonnegative(),
  /** What the container declares; null where it declares nothing. */
  declaredDurationSeconds: z.number().positive().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export const TRANSCODE_FAILURE_CODES = [
  'empty_file',
  'unsupported_format',
  'no_audio',
  'contains_video',
  'too_long',
  'too_short',
  'too_many_channels',
  'truncated',
  'corrupt',
  'resource_limit',
] as const;

/** A fault of the file: trying again gives the same answer. */
export const failureSchema = z.object({
  code: z.enum(TRANSCODE_FAILURE_CODES),
  /** A sentence for the person who uploaded the file. */
  detail: z.string().min(1).max(500),
});
export type TranscodeFailure = z.infer<typeof failureSchema>;

const hexColour = z.string().regex(/^#[0-9a-f]{6}$/);

/** What is shown of a picture before it is there. */
export const pictureSummarySchema = z.object({
  /** A data: URL of a few hundred bytes to show until the picture arrives. */
  placeholder: z.string().max(2000),
  /** Two dominant colours, most present first. */
  colours: z.tuple([hexColour, hexColour]),
});
export type PictureSummary = z.infer<typeof pictureSummarySchema>;

/** Last entry of an answer of `POST /artwork`: the commit mark. */
export const PICTURE_ENTRY = 'picture.json';
export const pictureSchema = pictureSummarySchema.extend({
  shape: z.enum(Object.keys(PICTURE_SIZES_PX) as [PictureShape, ...PictureShape[]]),
});

export const tagsSchema = z.object({
  title: z.string().max(500).nullable(),
  artist: z.string().max(500).nullable(),
  albumArtist: z.string().max(500).nullable(),
  album: z.string().max(500).nullable(),
  genre: z.string().max(200).nullable(),
  date: z.string().max(40).nullable(),
  trackNumber: z.number().int().positive().nullable(),
  discNumber: z.number().int().positive().nullable(),
});
export type Tags = z.infer<typeof tagsSchema>;

export const loudnessSchema = z.object({
  /** EBU R128 integrated loudness in LUFS. */
  integratedLufs: z.number(),
  /** EBU R128 loudness range in LU. */
  rangeLu: z.number(),
  /** True peak in dBTP. */
  truePeakDbtp: z.number(),
});
export type Loudness = z.infer<typeof loudnessSchema>;

export const renditionSchema = z.object({
  name: z.enum(RENDITION_NAMES),
  /** RFC 6381, e.g. `mp4a.40.2` or `fLaC`. */
  codecs: z.string(),
  /** HLS BANDWIDTH: the highest segment bit rate, in bit/s, measured. */
  bandwidthBps: z.number().int().positive(),
  /** HLS AVERAGE-BANDWIDTH in bit/s, measured. */
  averageBandwidthBps: z.number().int().positive(),
  segmentCount: z.number().int().positive(),
  bytes: z.number().int().positive(),
});

export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  /** Exact length of the music: decoded samples divided by `sampleRateHz`. */
  durationSeconds: z.number().positive(),
  sampleCount: z.number().int().positive(),
  sampleRateHz: z.union([z.literal(44100), z.literal(48000)]),
  channels: z.union([z.literal(1), z.literal(2)]),
  source: z.object({
    container: z.string().max(100),
    codec: z.string().max(100),
    sampleRateHz: z.number().int().positive(),
    channels: z.number().int().positive(),
    bitsPerSample: z.number().int().positive().nullable(),
    bitrateKbps: z.number().nonnegative().nullable(),
    lossless: z.boolean(),
  }),
  renditions: z.array(renditionSchema).min(1),
  /** Null for digital silence, which has no loudness. */
  loudness: loudnessSchema.nullable(),
  /** Samples at full scale, a sign of clipping in the original. */
  clippedSampleCount: z.number().int().nonnegative(),
  tags: tagsSchema,
  artwork: pictureSummarySchema.nullable(),
  /** Every object of this answer with its size, so that the receiver can tell that it holds them all. */
  objects: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The document at `waveform.json`. */
export const waveformSchema = z.object({
  /** About 1,000 peaks, evenly spaced over the track, 0 (silence) to 255 (full scale). */
  peaks: z.array(z.number().int().min(0).max(255)),
});
export type Waveform = z.infer<typeof waveformSchema>;
