import { catalogue } from '../demo/catalogue.ts';
import { renderComposition } from '../demo/render-piece.ts';
import { SAMPLE_RATE } from '../demo/synth/audio.ts';
import { quantise } from '../demo/synth/pcm.ts';

const HEADER_BYTES = 44;
const FRAME_BYTES = 4;

/**
 * Returns a WAV file (16 bit, stereo, 44.1 kHz) with the begin of the demonstration catalogue's longest piece.
 * Music, because encoders search four times as long for what noise could do without.
 */
export function benchMusic(durationSeconds: number): Buffer {
  const piece = catalogue[0]?.pieces[0];
  if (piece === undefined) throw new Error('the demonstration catalogue is empty');
  const sound = renderComposition(piece.compose());
  const frames = Math.min(sound.left.length, Math.round(durationSeconds * SAMPLE_RATE));
  const { left, right } = quantise(sound, 0, frames);
  const wav = Buffer.alloc(HEADER_BYTES + frames * FRAME_BYTES);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(SAMPLE_RATE * FRAME_BYTES, 28);
  wav.writeUInt16LE(FRAME_BYTES, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(frames * FRAME_BYTES, 40);
  for (let frame = 0; frame < frames; frame++) {
    wav.writeInt16LE(left[frame] ?? 0, HEADER_BYTES + frame * FRAME_BYTES);
    wav.writeInt16LE(right[frame] ?? 0, HEADER_BYTES + 2 + frame * FRAME_BYTES);
  }
  return wav;
}
