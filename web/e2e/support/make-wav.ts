const SAMPLE_RATE_HZ = 22_050;
const HEADER_BYTES = 44;
/** A chord whose root climbs every ten seconds, so that places in the recording differ. */
const CHORD = [1, 1.25, 1.5] as const;
const ROOT_HZ = 220;

/** Returns a mono 16-bit WAV file of a slowly climbing chord. */
export function makeWav(durationSeconds: number): Buffer {
  const samples = durationSeconds * SAMPLE_RATE_HZ;
  const wav = Buffer.alloc(HEADER_BYTES + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const seconds = i / SAMPLE_RATE_HZ;
    const rootHz = ROOT_HZ * 2 ** (Math.floor(seconds / 10) / 12);
    const swell = 0.6 + 0.4 * Math.sin(seconds * Math.PI);
    const value = CHORD.reduce((sum, ratio) => sum + Math.sin(2 * Math.PI * rootHz * ratio * seconds), 0) / 3;
    wav.writeInt16LE(Math.round(value * swell * 20_000), HEADER_BYTES + i * 2);
  }
  return wav;
}
