/** Looks at an original before it is decoded, and turns away what can never become a track. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MAX_DURATION_SECONDS, type Tags } from './contract.ts';
import {
  containsVideo,
  corrupt,
  emptyFile,
  incomplete,
  MAX_CHANNELS,
  noAudio,
  tooLong,
  tooManyChannels,
  unsupportedCodec,
  unsupportedFormat,
} from './failures.ts';
import { probeArguments, type TargetFormat } from './ffmpeg-arguments.ts';
import type { Ffmpeg } from './ffmpeg-locate.ts';
import { type Limits, runFfmpeg } from './ffmpeg-process.ts';
import { SOURCE_FILE_NAME } from './source-file.ts';
import { readStructure, type SourceStructure } from './source-structure.ts';
import { cleanTags, cleanText } from './tags.ts';

/** What is known about an original before it is decoded. */
export interface Source {
  container: string;
  codec: string;
  sampleRateHz: number;
  channels: number;
  bitsPerSample: number | null;
  bitrateKbps: number | null;
  lossless: boolean;
  /** What the container declares, in seconds; null where it declares nothing. */
  declaredSeconds: number | null;
  /** How much less than declared may be decoded; null where the declared length is only an estimate. */
  shortfallToleranceSeconds: number | null;
  audioStreamIndex: number;
  coverStreamIndex: number | null;
  tags: Tags;
}

const PROBE_LIMITS: Limits = { cpuSeconds: 30, memoryBytes: 2 * 1024 ** 3 };
const PROBE_TIMEOUT_MS = 60_000;
const MAX_PROBE_OUTPUT_BYTES = 4 * 1024 * 1024;
const MAX_SAMPLE_RATE_HZ = 768_000;
const MIN_SAMPLE_RATE_HZ = 4000;

/** Codecs whose samples come out as they went in. */
const LOSSLESS_CODECS = /^(flac|alac|pcm_\w+)$/;
const SUPPORTED_CODECS = /^(mp3|aac|vorbis|opus|flac|alac|pcm_(u8|s8|[su](16|24|32)[lb]e|f(32|64)[lb]e))$/;

const number = z.coerce.number().catch(0);
const rawTags = z.record(z.string(), z.string()).catch({});
const streamSchema = z.object({
  index: z.number().int(),
  codec_type: z.string().catch(''),
  codec_name: z.string().catch('unknown'),
  sample_fmt: z.string().catch(''),
  sample_rate: number,
  channels: number,
  bits_per_sample: number,
  bits_per_raw_sample: number,
  bit_rate: number,
  duration: number,
  disposition: z
    .object({ attached_pic: number, timed_thumbnails: number })
    .catch({ attached_pic: 0, timed_thumbnails: 0 }),
  tags: rawTags,
});
const probeSchema = z.object({
  streams: z.array(streamSchema),
  format: z.object({ format_name: z.string(), duration: number, bit_rate: number, tags: rawTags }),
});
type Probed = z.infer<typeof probeSchema>;
type ProbedStream = z.infer<typeof streamSchema>;

/** @throws FileFault with the first reason why the file cannot become a track. */
export async function probe(ffmpeg: Ffmpeg, folder: string, signal: AbortSignal): Promise<Source> {
  const path = join(folder, SOURCE_FILE_NAME);
  if ((await stat(path)).size === 0) throw emptyFile();
  const structure = await readStructure(path);
  // What no magic bytes vouch for never reaches a parser.
  if (structure.container === null) throw unsupportedFormat();
  const probed = await runProbe(ffmpeg, folder, signal);
  if (!probed) throw structure.container === 'mp4' || structure.isIncomplete ? incomplete() : corrupt();
  return describe(probed, structure);
}

async function runProbe(ffmpeg: Ffmpeg, folder: string, signal: AbortSignal): Promise<Probed | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const { exitCode } = await runFfmpeg(ffmpeg, {
    tool: 'ffprobe',
    args: probeArguments(),
    folder,
    limits: PROBE_LIMITS,
    signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
    onStandardOutput: (chunk) => {
      bytes += chunk.length;
      if (bytes > MAX_PROBE_OUTPUT_BYTES) throw corrupt();
      chunks.push(chunk);
    },
  });
  if (exitCode !== 0) return null;
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
  const parsed = probeSchema.safeParse(answer);
  return parsed.success ? parsed.data : null;
}

/** Judges what ffprobe found. Exported for tests. */
export function describe(probed: Probed, structure: SourceStructure): Source {
  const isCover = ({ disposition }: ProbedStream): boolean =>
    disposition.attached_pic === 1 || disposition.timed_thumbnails === 1;
  const videos = probed.streams.filter((stream) => stream.codec_type === 'video');
  if (videos.some((stream) => !isCover(stream))) throw containsVideo();
  const audio = probed.streams.find((stream) => stream.codec_type === 'audio');
  if (!audio) throw noAudio();
  if (!SUPPORTED_CODECS.test(audio.codec_name)) throw unsupportedCodec(cleanText(audio.codec_name, 40));
  if (audio.channels > MAX_CHANNELS) throw tooManyChannels(audio.channels);
  if (
    audio.channels < 1 ||
    audio.sample_rate < MIN_SAMPLE_RATE_HZ ||
    audio.sample_rate > MAX_SAMPLE_RATE_HZ
  ) {
    throw corrupt();
  }
  if (structure.isIncomplete) throw incomplete();
  const lossless = LOSSLESS_CODECS.test(audio.codec_name);
  const declaredSeconds = declaredDuration(probed, audio, structure);
  if (structure.statesDuration && declaredSeconds !== null && declaredSeconds > MAX_DURATION_SECONDS) {
    throw tooLong();
  }
  const cover = videos.find((stream) => stream.disposition.attached_pic === 1);
  const bitrate = audio.bit_rate || probed.format.bit_rate;
  return {
    container: cleanText(structure.container ?? probed.format.format_name, 100),
    codec: cleanText(audio.codec_name, 100),
    sampleRateHz: audio.sample_rate,
    channels: audio.channels,
    bitsPerSample: lossless ? audio.bits_per_raw_sample || audio.bits_per_sample || null : null,
    bitrateKbps: bitrate > 0 ? Math.round(bitrate / 100) / 10 : null,
    lossless,
    declaredSeconds,
    shortfallToleranceSeconds: structure.statesDuration ? shortfallTolerance(lossless) : null,
    audioStreamIndex: audio.index,
    coverStreamIndex: cover?.index ?? null,
    tags: cleanTags(probed.format.tags, audio.tags),
  };
}

/** Half an AAC priming, a few frames of a cut MP3 and rounding; lossless counts are exact but for rounding. */
function shortfallTolerance(lossless: boolean): number {
  return lossless ? 0.05 : 0.5;
}

/**
 * An edit list may present less than a track holds, and a movie more than its audio: the shorter of the two
 * is what must come out.
 */
function declaredDuration(probed: Probed, audio: ProbedStream, structure: SourceStructure): number | null {
  if (!structure.statesDuration && structure.container === 'wav') return null;
  const stated = [audio.duration, probed.format.duration].filter((seconds) => seconds > 0);
  return stated.length > 0 ? Math.min(...stated) : null;
}

/** @returns what an original is turned into. */
export function targetFormat(source: Source): TargetFormat {
  const keepsMoreThan16Bits = source.lossless && (source.bitsPerSample ?? 16) > 16;
  return {
    sampleRateHz: nearestRate(source.sampleRateHz),
    channels: source.channels === 1 ? 1 : 2,
    losslessBits: keepsMoreThan16Bits ? 24 : 16,
  };
}

/** @returns the rate of the family that `sampleRateHz` divides or multiplies, else the nearer one. */
function nearestRate(sampleRateHz: number): 44100 | 48000 {
  if (sampleRateHz % 11025 === 0) return 44100;
  if (sampleRateHz % 4000 === 0) return 48000;
  return sampleRateHz <= (44100 + 48000) / 2 ? 44100 : 48000;
}
