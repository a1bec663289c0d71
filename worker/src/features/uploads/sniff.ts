/** How many first bytes `isKnownAudio` wants to see. */
export const SNIFF_BYTES = 64;

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/**
 * An MPEG audio frame header of layer II or III: sync, and no reserved version, bitrate or rate
 * (ISO 11172-3, 2.4.1.3). Layer I is left out: no music comes in it, and UTF-16 text begins like it.
 */
function isMpegFrame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const bitrate = third >> 4;
  const rate = (third >> 2) & 3;
  return isSync && version !== 1 && (layer === 1 || layer === 2) && bitrate !== 15 && rate !== 3;
}

/**
 * Tells whether a file begins like one of the formats we take (MP3, FLAC, WAV, AIFF, MP4, Ogg).
 * Only the first bytes speak: names and media types are what the sender says, not what was sent.
 */
export function isKnownAudio(head: Uint8Array): boolean {
  const start = ascii(head, 0, 4);
  if (ascii(head, 0, 3) === 'ID3' || start === 'fLaC' || start === 'OggS') return true;
  if (start === 'RIFF' || start === 'RF64') return ascii(head, 8, 12) === 'WAVE';
  if (start === 'FORM') return ascii(head, 8, 12) === 'AIFF' || ascii(head, 8, 12) === 'AIFC';
  if (ascii(head, 4, 8) === 'ftyp') return true;
  return isMpegFrame(head);
}
