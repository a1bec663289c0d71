/** A fault of the uploaded file, in words for the person who uploaded it. */
import { MAX_DURATION_SECONDS, type TranscodeFailure } from './contract.ts';

/** Thrown where a file can never become a track; ends a job with `failure.json`. */
export class FileFault extends Error {
  readonly failure: TranscodeFailure;

  constructor(code: TranscodeFailure['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'FileFault';
    this.failure = { code, detail };
  }
}

/** The largest number of channels that are mixed down to stereo (7.1). */
export const MAX_CHANNELS = 8;

/** The shortest recording that can be a track, in seconds. */
export const MIN_DURATION_SECONDS = 0.5;

const READABLE_KINDS = 'MP3, FLAC, WAV, AIFF, M4A (AAC or Apple Lossless), Ogg Vorbis or Opus';

/** @returns seconds as `m:ss` or `h:mm:ss`. */
export function formatClock(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = `${(whole % 60).toString().padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${minutes.toString().padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

export function emptyFile(): FileFault {
  return new FileFault('empty_file', 'The file is empty. Export it again and upload the new file.');
}

export function unsupportedFormat(): FileFault {
  return new FileFault(
    'unsupported_format',
    `This is not an audio file that can be read here. Upload ${READABLE_KINDS}.`,
  );
}

export function unsupportedCodec(codec: string): FileFault {
  return new FileFault(
    'unsupported_format',
    `The audio inside this file is in a format that is not supported (${codec}). Export it as ${READABLE_KINDS}.`,
  );
}

export function noAudio(): FileFault {
  return new FileFault('no_audio', 'There is no audio in this file. Check that you chose the right file.');
}

export function containsVideo(): FileFault {
  return new FileFault(
    'contains_video',
    'This file is a video. Export its sound alone, for example as WAV or FLAC, and upload that.',
  );
}

export function tooLong(): FileFault {
  return new FileFault(
    'too_long',
    `The recording is longer than ${MAX_DURATION_SECONDS / 3600} hours. Split it into several tracks.`,
  );
}

export function tooShort(): FileFault {
  return new FileFault(
    'too_short',
    `The recording is shorter than ${MIN_DURATION_SECONDS} seconds. Check that the export ran to the end.`,
  );
}

export function tooManyChannels(channels: number): FileFault {
  return new FileFault(
    'too_many_channels',
    `The recording has ${channels} channels; up to ${MAX_CHANNELS} can be mixed down. Export a stereo mix.`,
  );
}

export function truncated(declaredSeconds: number, decodedSeconds: number): FileFault {
  return new FileFault(
    'truncated',
    `The file says it is ${formatClock(declaredSeconds)} long, but the sound ends after ` +
      `${formatClock(decodedSeconds)}. Part of it is missing: upload a complete copy.`,
  );
}

export function incomplete(): FileFault {
  return new FileFault('truncated', 'The file is incomplete: its end is missing. Upload a complete copy.');
}

export function corrupt(): FileFault {
  return new FileFault(
    'corrupt',
    'The file is damaged and cannot be decoded to its end. Export it again and upload the new file.',
  );
}

export function resourceLimit(): FileFault {
  return new FileFault(
    'resource_limit',
    'The file takes far more work to decode than a recording should. Export it again, for example as FLAC.',
  );
}
