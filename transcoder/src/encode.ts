/** Runs ffmpeg over an original and hands out objects as they become certain. */
import {
  LOSSLESS_RENDITION,
  type Loudness,
  MAX_DURATION_SECONDS,
  RENDITION_NAMES,
  type Waveform,
} from './contract.ts';
import { corrupt, MIN_DURATION_SECONDS, tooLong, tooShort, truncated } from './failures.ts';
import { type EncodePlan, encodeArguments, type OutputName } from './ffmpeg-arguments.ts';
import type { Ffmpeg } from './ffmpeg-locate.ts';
import { type ChunkReader, type Limits, runFfmpeg } from './ffmpeg-process.ts';
import { Meter } from './meter.ts';
import { type Source, targetFormat } from './probe.ts';
import { Rendition, type StoredObject } from './rendition.ts';

/** What is known when everything has been decoded. */
export interface Encoded {
  sampleCount: number;
  waveform: Waveform;
  loudness: Loudness | null;
}

export type Emit = (object: StoredObject) => Promise<void>;

/** One job's encoding: its renditions grow while `run` runs. */
export interface Encoding {
  plan: EncodePlan;
  /** Lowest AAC bitrate first, FLAC last. */
  renditions: readonly Rendition[];
  meter: Meter;
  /**
   * Encodes all of it and hands out every segment but the last ones.
   * @throws FileFault where the file is to blame, the signal's reason, or an Error.
   */
  run(emit: Emit, signal: AbortSignal): Promise<Encoded>;
  /** Hands out the segments that had to wait for the length of the music. */
  finish(encoded: Encoded, emit: Emit): Promise<void>;
}

/** Three hours take about a tenth of this. */
const ENCODE_LIMITS: Limits = { cpuSeconds: 3600, memoryBytes: 2 * 1024 ** 3 };

/**
 * Beyond this length the 320 kbit/s rendition, whose encoder takes as long as the four others together,
 * gets a process of its own: 3 % more work (one more decode), and the longest recording stays within the time
 * that a queue consumer has.
 */
export const TWO_PROCESSES_FROM_SECONDS = 40 * 60;

/** Decodes a little more than allowed, so that a recording that is too long can be told from the longest. */
const DECODE_MARGIN_SECONDS = 2;

/** Prepares the encoding of an original in `folder`. */
export function prepareEncoding(ffmpeg: Ffmpeg, folder: string, source: Source): Encoding {
  const target = targetFormat(source);
  const plan: EncodePlan = {
    target,
    audioStreamIndex: source.audioStreamIndex,
    resample: source.sampleRateHz !== target.sampleRateHz,
    downmix: source.channels > target.channels,
    maxDecodedSeconds: MAX_DURATION_SECONDS + DECODE_MARGIN_SECONDS,
  };
  const renditions = RENDITION_NAMES.map(
    (name) => new Rendition(name, name !== LOSSLESS_RENDITION, target.sampleRateHz),
  );
  const meter = new Meter(target.channels, target.sampleRateHz);

  const run: Encoding['run'] = async (emit, signal) => {
    const reader = (name: OutputName): ChunkReader => {
      const rendition = renditions.find((candidate) => candidate.name === name);
      if (!rendition) {
        return (chunk) => {
          meter.push(chunk);
          // ffmpeg stops by time stamps; a file may lie in those, but not in what comes out of it.
          if (meter.sampleCount > plan.maxDecodedSeconds * target.sampleRateHz) throw tooLong();
        };
      }
      return (chunk) => {
        const objects = rendition.push(chunk);
        return objects.length > 0 ? emitAll(objects, emit) : undefined;
      };
    };
    // One process failing ends the other.
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const runs = splitOutputs(source).map(async (outputs) => {
      try {
        return await runFfmpeg(ffmpeg, {
          tool: 'ffmpeg',
          args: encodeArguments(plan, outputs),
          folder,
          limits: ENCODE_LIMITS,
          signal: both,
          readers: outputs.map((name) => reader(name)),
        });
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    });
    const results = await Promise.all(runs);
    const { sampleCount } = meter;
    judge(
      source,
      sampleCount / target.sampleRateHz,
      results.every(({ exitCode }) => exitCode === 0),
    );
    return { sampleCount, waveform: meter.finish(), loudness: meter.loudness };
  };

  const finish: Encoding['finish'] = async ({ sampleCount }, emit) => {
    for (const rendition of renditions) await emitAll(rendition.finish(sampleCount), emit);
  };
  return { plan, renditions, meter, run, finish };
}

async function emitAll(objects: readonly StoredObject[], emit: Emit): Promise<void> {
  for (const object of objects) await emit(object);
}

/** @returns the outputs of each process; the first one meters. */
function splitOutputs(source: Source): OutputName[][] {
  if ((source.declaredSeconds ?? 0) < TWO_PROCESSES_FROM_SECONDS) {
    return [['meter', LOSSLESS_RENDITION, '64', '128', '192', '320']];
  }
  return [['meter', LOSSLESS_RENDITION, '64', '128', '192'], ['320']];
}

/** ffmpeg ends well on a file whose end is missing, so what came out is held against what was declared. */
export function judge(source: Source, decodedSeconds: number, endedWell: boolean): void {
  const { declaredSeconds, shortfallToleranceSeconds } = source;
  if (decodedSeconds > MAX_DURATION_SECONDS) throw tooLong();
  if (!endedWell) throw corrupt();
  const isShort = declaredSeconds !== null && shortfallToleranceSeconds !== null;
  if (isShort && decodedSeconds < declaredSeconds - shortfallToleranceSeconds) {
    throw decodedSeconds === 0 ? corrupt() : truncated(declaredSeconds, decodedSeconds);
  }
  if (decodedSeconds < MIN_DURATION_SECONDS) throw tooShort();
}
