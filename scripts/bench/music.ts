/** Returns a WAV file (16 bit, stereo, 44.1 kHz) of chords over noise: dense enough to make encoders work as music does. */
export function benchMusic(durationSeconds: number): Buffer {
  const rateHz = 44_100;
  const frames = Math.round(durationSeconds * rateHz);
  const wav = Buffer.alloc(44 + frames * 4);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + frames * 4, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(rateHz * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(frames * 4, 40);
  let noise = 1;
  for (let i = 0; i < frames; i++) {
    const t = i / rateHz;
    const chord = 110 * 2 ** ((Math.floor(t / 2) % 5) / 12);
    const beat = Math.exp(-6 * (t % 0.5));
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    const hiss = (noise / 2 ** 31) * 0.15 * beat;
    const tone =
      Math.sin(2 * Math.PI * chord * t) +
      0.6 * Math.sin(2 * Math.PI * chord * 1.5 * t) +
      0.4 * Math.sin(2 * Math.PI * chord * 2.52 * t);
    const left = 0.25 * tone + hiss;
    const right = 0.25 * tone * (0.8 + 0.2 * Math.sin(t)) - hiss;
    wav.writeInt16LE(Math.round(left * 30_000), 44 + i * 4);
    wav.writeInt16LE(Math.round(right * 30_000), 46 + i * 4);
  }
  return wav;
}
