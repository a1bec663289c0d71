/** Builds the arguments of every ffmpeg and ffprobe run: pure functions from a plan to strings. */
import { AAC_BITRATES_KBPS, LOSSLESS_RENDITION, type RenditionName } from './contract.ts';
import { SOURCE_FILE_NAME } from './source-file.ts';

/** AAC-LC's frame and the FLAC block length asked for, in samples. */
export const AAC_FRAME_SAMPLES = 1024;
export const FLAC_BLOCK_SAMPLES = 4096;

/** Silence encoded past the end, so that players decode the last sample from whole frames (two at least). */
const AAC_PADDING_SAMPLES = 2 * AAC_FRAME_SAMPLES;

/** Demuxers that may open an original. Without this list a playlist named .mp3 makes ffmpeg open other files. */
const ALLOWED_DEMUXERS = ['mp3', 'flac', 'wav', 'w64', 'aiff', 'mov', 'ogg'];

/** Decoders that may run. Pictures are not among them: covers are copied out undecoded. */
const ALLOWED_DECODERS = [
  ...['mp3float', 'mp3', 'flac', 'alac', 'aac', 'vorbis', 'libvorbis', 'opus', 'libopus'],
  ...['pcm_u8', 'pcm_s8', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be'],
  ...['pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be'],
];

const CONTAINER_ARGUMENTS = [
  ...['-protocol_whitelist', 'file,pipe'],
  ...['-format_whitelist', ALLOWED_DEMUXERS.join(',')],
];
const SOURCE_ARGUMENTS = ['-i', `file:${SOURCE_FILE_NAME}`];
const INPUT_ARGUMENTS = [
  ...CONTAINER_ARGUMENTS,
  ...['-codec_whitelist', ALLOWED_DECODERS.join(',')],
  ...SOURCE_ARGUMENTS,
];

/** Large writes to the pipes: every one wakes the reader up, and that costs more than reading. */
const PIPE_BLOCK_BYTES = 131_072;

/** What the renditions of one original have in common. */
export interface TargetFormat {
  sampleRateHz: 44100 | 48000;
  channels: 1 | 2;
  /** Bits per sample of the FLAC rendition. */
  losslessBits: 16 | 24;
}

/** What the filters must do to bring an original to its target. */
export interface EncodePlan {
  target: TargetFormat;
  audioStreamIndex: number;
  /** The original's rate differs from the target's. */
  resample: boolean;
  /** The original has more channels than the target. */
  downmix: boolean;
  /** Stops decoding here, whatever the file claims, in seconds. */
  maxDecodedSeconds: number;
}

/** One output of an ffmpeg process; `meter` is 32-bit float PCM, the others fragmented MP4. */
export type OutputName = RenditionName | 'meter';

/** @returns the descriptor on which the process writes its output number `position`, counted from 0. */
export function outputDescriptor(position: number): number {
  return 3 + position;
}

/**
 * @returns arguments for ffprobe; its standard output is JSON. Decoders are not limited here: ffprobe gives up
 * on a file with a stream whose decoder it may not open, and then nobody could be told that it is a video.
 */
export function probeArguments(): string[] {
  const sections = ['-show_format', '-show_streams', '-of', 'json'];
  return ['-v', 'error', ...sections, ...CONTAINER_ARGUMENTS, ...SOURCE_ARGUMENTS];
}

/** @returns arguments that copy one embedded picture, as it is, to descriptor 3. */
export function coverArguments(streamIndex: number): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
    ...INPUT_ARGUMENTS,
    ...['-map', `0:${streamIndex}`, '-c', 'copy', '-frames:v', '1', '-f', 'image2pipe', 'pipe:3'],
  ];
}

/**
 * One process that decodes once and makes `outputs`, the first on descriptor 3, the next on 4 and so on.
 */
export function encodeArguments(plan: EncodePlan, outputs: readonly OutputName[]): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info', '-max_error_rate', '0.2'],
    ...['-t', plan.maxDecodedSeconds.toString()],
    ...INPUT_ARGUMENTS,
    ...['-filter_complex', filterGraph(plan, outputs)],
    ...outputs.flatMap((name, position) => [
      ...['-map', `[${name}]`, ...codecArguments(name, plan.target)],
      `pipe:${outputDescriptor(position)}`,
    ]),
  ];
}

function filterGraph(plan: EncodePlan, outputs: readonly OutputName[]): string {
  const { sampleRateHz, channels } = plan.target;
  const layout = channels === 1 ? 'mono' : 'stereo';
  const shared = [
    // Only where needed: untouched samples reach FLAC bit by bit.
    plan.downmix ? `aformat=sample_fmts=fltp:channel_layouts=${layout}` : `aformat=channel_layouts=${layout}`,
    ...(plan.resample ? [`aresample=${sampleRateHz}:internal_sample_fmt=fltp:filter_size=64`] : []),
    // Time stamps count samples, so that gaps and offsets in the container cannot shift anything.
    // Rounded, because the quotient may fall a hair short of the whole number that it stands for.
    'asetpts=round(N/SR/TB)',
  ];
  const isAac = (name: OutputName): boolean => name !== 'meter' && name !== LOSSLESS_RENDITION;
  const aac = outputs.filter(isAac);
  const branches = [...outputs.filter((name) => !isAac(name)), ...(aac.length > 0 ? ['aac'] : [])];
  const chains = [
    `[0:${plan.audioStreamIndex}]${shared.join(',')},asplit=${branches.length}${branches.map((name) => `[${name}]`).join('')}`,
  ];
  if (aac.length > 0) {
    chains.push(
      `[aac]apad=pad_len=${AAC_PADDING_SAMPLES},asetnsamples=n=${FLAC_BLOCK_SAMPLES}:p=1,` +
        `asplit=${aac.length}${aac.map((name) => `[${name}]`).join('')}`,
    );
  }
  return chains.join(';');
}

function codecArguments(name: OutputName, target: TargetFormat): string[] {
  const blocks = ['-blocksize', PIPE_BLOCK_BYTES.toString()];
  // Not flushed, or it would come in one write per decoded frame; the others come in fragments.
  if (name === 'meter') return ['-c:a', 'pcm_f32le', '-f', 'f32le', '-flush_packets', '0', ...blocks];
  return [...encoderArguments(name, target), ...FRAGMENTED_MP4_ARGUMENTS, ...blocks];
}

function encoderArguments(name: RenditionName, target: TargetFormat): string[] {
  if (name === LOSSLESS_RENDITION) {
    const sampleFormat = target.losslessBits === 16 ? 's16' : 's32';
    return ['-c:a', 'flac', '-sample_fmt', sampleFormat, '-frame_size', FLAC_BLOCK_SAMPLES.toString()];
  }
  const bitrateKbps = AAC_BITRATES_KBPS.find((bitrate) => bitrate.toString() === name) ?? 128;
  // The fast coder is as good up to 192 kbit/s; above, the two-loop search finds what the bits can buy.
  return ['-c:a', 'aac', '-aac_coder', bitrateKbps > 192 ? 'twoloop' : 'fast', '-b:a', `${bitrateKbps}k`];
}

/**
 * `delay_moov` makes the edit list carry the encoder's delay. Fragments only carry frames to us, segments are
 * cut and written anew. The first segment is certain after 3.2 s of music, so two seconds each delay nothing.
 */
const FRAGMENTED_MP4_ARGUMENTS = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'],
  ...['-strict', '-2', '-movflags', '+empty_moov+delay_moov+default_base_moof+skip_trailer'],
  ...['-frag_duration', '2000000', '-f', 'mp4'],
];
