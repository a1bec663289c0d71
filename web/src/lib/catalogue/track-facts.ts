import type { Track } from '$lib/api/client.ts';
import { formatClock } from '$lib/format/time.ts';

const CODEC_NAMES: Record<string, string> = {
  aac: 'AAC',
  alac: 'Apple Lossless',
  flac: 'FLAC',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Ogg Vorbis',
};

/** Returns a codec's name as people know it; uncompressed PCM has many variants and one name. */
export function codecName(codec: string): string {
  return CODEC_NAMES[codec] ?? (codec.startsWith('pcm_') ? 'PCM' : codec.toUpperCase());
}

/** Typography's minus, not the hyphen of the keyboard. */
function signed(value: number, unit: string): string {
  return `${value.toFixed(1).replace('-', '−')} ${unit}`;
}

function kilohertz(hertz: number): string {
  return `${Number((hertz / 1000).toFixed(2))} kHz`;
}

/** Returns what there is to know of a recording, as pairs to list. */
export function trackFacts(track: Track): { name: string; value: string }[] {
  const { source, loudness } = track;
  const facts: { name: string; value: string | null }[] = [
    { name: 'Length', value: track.durationSeconds === null ? null : formatClock(track.durationSeconds) },
    {
      name: 'Original',
      value:
        source &&
        [
          codecName(source.codec),
          kilohertz(source.sampleRateHz),
          source.bitsPerSample === null || !source.lossless ? null : `${source.bitsPerSample} bit`,
          source.bitrateKbps === null || source.lossless ? null : `${Math.round(source.bitrateKbps)} kbit/s`,
        ]
          .filter((part) => part !== null)
          .join(' · '),
    },
    { name: 'Loudness', value: loudness && signed(loudness.integratedLufs, 'LUFS') },
    { name: 'Range', value: loudness && signed(loudness.rangeLu, 'LU') },
    { name: 'True peak', value: loudness && signed(loudness.truePeakDbtp, 'dBTP') },
    { name: 'Released', value: track.releaseDate },
    { name: 'Genre', value: track.genre },
  ];
  return facts.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]));
}

/** Returns where a track is on its way, in words. */
export function stateSentence(track: Track): string {
  if (track.state === 'uploading') return 'Uploading';
  if (track.state === 'queued') return 'Waiting for its turn';
  if (track.state === 'failed') return track.failure?.detail ?? 'This file could not become a track.';
  if (track.state === 'ready') return 'Published';
  return track.progress === null ? 'Transcoding' : `Transcoding, ${Math.round(track.progress * 100)} %`;
}
