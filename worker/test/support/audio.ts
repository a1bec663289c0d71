/** Returns a WAV file (16 bit, stereo) of a sine whose pitch tells files apart. */
export function wavFile(seconds: number, pitchHz = 440, sampleRateHz = 44_100): Uint8Array<ArrayBuffer> {
  const frames = Math.round(seconds * sampleRateHz);
  const bytes = new Uint8Array(44 + frames * 4);
  const view = new DataView(bytes.buffer);
  const ascii = (offset: number, text: string) => {
    for (const [i, character] of [...text].entries()) view.setUint8(offset + i, character.charCodeAt(0));
  };
  ascii(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, frames * 4, true);
  for (let frame = 0; frame < frames; frame++) {
    const sample = Math.round(12_000 * Math.sin((2 * Math.PI * pitchHz * frame) / sampleRateHz));
    view.setInt16(44 + frame * 4, sample, true);
    view.setInt16(46 + frame * 4, sample, true);
  }
  return bytes;
}

let serial = 0;

/** Returns a small file that begins like a recording and is unlike any other: for tests that never decode it. */
export function anyRecording(sizeBytes = 200): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  crypto.getRandomValues(bytes.subarray(0, Math.min(sizeBytes, 65_536)));
  bytes.set(new TextEncoder().encode(`fLaC${serial++}`));
  return bytes;
}

/** Returns the SHA-256 of bytes in hex. */
export async function sha256Hex(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
