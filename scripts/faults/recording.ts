/** Returns a WAV file (44.1 kHz, 16 bit, stereo) of a slowly rising chord with some noise; always the same. */
export function makeRecording(seconds: number): Buffer {
  const rate = 44_100;
  const frames = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + frames * 4);
  bytes.write('RIFF', 0, 'ascii');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'ascii');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'ascii');
  bytes.writeUInt32LE(frames * 4, 40);
  // A linear congruential generator (Numerical Recipes): noise that is the same on every machine.
  let seed = 1;
  for (let frame = 0; frame < frames; frame++) {
    const time = frame / rate;
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = (seed / 2 ** 32 - 0.5) * 800;
    const tone = (hz: number) => 6000 * Math.sin(2 * Math.PI * hz * time * (1 + time / 200));
    bytes.writeInt16LE(Math.round(tone(220) + tone(330) + noise), 44 + frame * 4);
    bytes.writeInt16LE(Math.round(tone(220) + tone(277) - noise), 46 + frame * 4);
  }
  return bytes;
}
