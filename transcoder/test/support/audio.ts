/** Test audio made by code: a small piece of music, and WAV files of every kind around it. */

/** Interleaved samples from -1 to 1. */
export interface Pcm {
  samples: Float32Array;
  sampleRateHz: number;
  channels: number;
}

/** @returns how many samples per channel a piece has. */
export function lengthOf({ samples, channels }: Pcm): number {
  return samples.length / channels;
}

/**
 * @returns chords that change every two seconds, with a beat and a little noise: enough going on that a gap, a
 * shift or a repeated frame shows. The same for the same arguments.
 */
export function makeMusic(sampleCount: number, sampleRateHz: number, channels: number): Pcm {
  const samples = new Float32Array(sampleCount * channels);
  const chords = [
    [220, 277.2, 329.6],
    [196, 246.9, 293.7],
    [174.6, 220, 261.6],
    [196, 293.7, 392],
  ];
  let noise = 1;
  for (let index = 0; index < sampleCount; index += 1) {
    const seconds = index / sampleRateHz;
    const chord = chords[Math.floor(seconds / 2) % chords.length] ?? [];
    const beat = Math.exp(-6 * ((seconds * 2) % 1));
    noise = (noise * 48271) % 2147483647;
    for (let channel = 0; channel < channels; channel += 1) {
      const tones = chord.reduce(
        (sum, hertz, note) =>
          sum + Math.sin(2 * Math.PI * hertz * seconds + note + channel * 0.3) / (note + 2),
        0,
      );
      const drum = beat * Math.sin(2 * Math.PI * 80 * ((seconds * 2) % 1));
      samples[index * channels + channel] = 0.28 * tones + 0.25 * drum + 0.004 * (noise / 2147483647 - 0.5);
    }
  }
  return { samples, sampleRateHz, channels };
}

/** @returns the same piece at silence. */
export function makeSilence(sampleCount: number, sampleRateHz: number, channels: number): Pcm {
  return { samples: new Float32Array(sampleCount * channels), sampleRateHz, channels };
}

export type WavSampleFormat = 'u8' | 's16' | 's24' | 's32' | 'f32';

const BYTES: Record<WavSampleFormat, number> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4 };

/** How a WAV is to differ from an ordinary one. */
export interface WavOptions {
  format?: WavSampleFormat;
  /** What the header says about the size of the data, instead of the truth. */
  statedDataBytes?: number;
  /** Write the 64-bit variant (EBU Tech 3306). */
  rf64?: boolean;
}

/** @returns a WAV file; 8 and 16 bits are rounded, so that what was written is known exactly. */
export function writeWav(pcm: Pcm, options: WavOptions = {}): Buffer {
  const format = options.format ?? 's16';
  const data = encodeSamples(pcm.samples, format);
  const header = Buffer.alloc(options.rf64 ? 80 : 44);
  header.write(options.rf64 ? 'RF64' : 'RIFF', 0, 'latin1');
  header.writeUInt32LE(options.rf64 ? 0xffffffff : header.length - 8 + data.length, 4);
  header.write('WAVE', 8, 'latin1');
  let at = 12;
  if (options.rf64) {
    header.write('ds64', at, 'latin1');
    header.writeUInt32LE(28, at + 4);
    header.writeBigUInt64LE(BigInt(header.length - 8 + data.length), at + 8);
    header.writeBigUInt64LE(BigInt(options.statedDataBytes ?? data.length), at + 16);
    header.writeBigUInt64LE(BigInt(pcm.samples.length / pcm.channels), at + 24);
    at += 36;
  }
  const frameBytes = pcm.channels * BYTES[format];
  header.write('fmt ', at, 'latin1');
  header.writeUInt32LE(16, at + 4);
  header.writeUInt16LE(format === 'f32' ? 3 : 1, at + 8);
  header.writeUInt16LE(pcm.channels, at + 10);
  header.writeUInt32LE(pcm.sampleRateHz, at + 12);
  header.writeUInt32LE(pcm.sampleRateHz * frameBytes, at + 16);
  header.writeUInt16LE(frameBytes, at + 20);
  header.writeUInt16LE(BYTES[format] * 8, at + 22);
  header.write('data', at + 24, 'latin1');
  header.writeUInt32LE(options.rf64 ? 0xffffffff : (options.statedDataBytes ?? data.length), at + 28);
  return Buffer.concat([header, data]);
}

/** @returns a 16-bit AIFF file (AIFF 1.3: sample rates are 80-bit floats). */
export function writeAiff(pcm: Pcm): Buffer {
  const data = encodeSamples(pcm.samples, 's16').swap16();
  const header = Buffer.alloc(54);
  header.write('FORM', 0, 'latin1');
  header.writeUInt32BE(header.length - 8 + data.length, 4);
  header.write('AIFFCOMM', 8, 'latin1');
  header.writeUInt32BE(18, 16);
  header.writeUInt16BE(pcm.channels, 20);
  header.writeUInt32BE(lengthOf(pcm), 22);
  header.writeUInt16BE(16, 26);
  const exponent = Math.floor(Math.log2(pcm.sampleRateHz));
  header.writeUInt16BE(16383 + exponent, 28);
  header.writeBigUInt64BE(BigInt(pcm.sampleRateHz) << BigInt(63 - exponent), 30);
  header.write('SSND', 38, 'latin1');
  header.writeUInt32BE(data.length + 8, 42);
  return Buffer.concat([header, data]);
}

/** @returns a 16-bit Sony Wave64 file: chunks are named by GUIDs and sized, headers included, in 64 bits. */
export function writeW64(pcm: Pcm): Buffer {
  const data = encodeSamples(pcm.samples, 's16');
  const format = writeWav({ ...pcm, samples: new Float32Array(0) }).subarray(20, 36);
  const guid = (name: string, tail = 'f3acd3118cd100c04f8edb8a'): Buffer =>
    Buffer.concat([Buffer.from(name, 'latin1'), Buffer.from(tail, 'hex')]);
  const size = (bytes: number): Buffer => {
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(BigInt(bytes));
    return field;
  };
  return Buffer.concat([
    ...[guid('riff', '2e91cf11a5d628db04c10000'), size(104 + data.length), guid('wave')],
    ...[guid('fmt '), size(24 + format.length), format],
    ...[guid('data'), size(24 + data.length), data],
  ]);
}

/** @returns little-endian samples as a WAV holds them. */
export function encodeSamples(samples: Float32Array, format: WavSampleFormat): Buffer {
  const bytes = Buffer.alloc(samples.length * BYTES[format]);
  const scaled = (value: number, bits: number): number =>
    Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, Math.round(value * 2 ** (bits - 1))));
  for (const [index, value] of samples.entries()) {
    const at = index * BYTES[format];
    if (format === 'u8') bytes.writeUInt8(scaled(value, 8) + 128, at);
    else if (format === 's16') bytes.writeInt16LE(scaled(value, 16), at);
    else if (format === 's24') bytes.writeIntLE(scaled(value, 24), at, 3);
    else if (format === 's32') bytes.writeInt32LE(scaled(value, 32), at);
    else bytes.writeFloatLE(value, at);
  }
  return bytes;
}
