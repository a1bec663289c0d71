import { reverb } from '../effects/reverb.ts';
import { chorus, pingPong } from '../effects/time.ts';
import { equaliser, sweptLowPass } from '../effects/tone.ts';
import { feltPiano, glassBell } from '../instruments/modal.ts';
import { roundBass, sawPad } from '../instruments/synths.ts';
import { water } from '../instruments/textures.ts';
import { type Composition, curve } from '../music/form.ts';
import { Clock, Player } from '../music/part.ts';
import { atOrAbove, notesOver, parseChords, parseKey, voiceLead } from '../music/theory.ts';
import { Mixer } from '../synth/mixer.ts';
import { createRandom } from '../synth/random.ts';

export type SlackWaterPlan = { seed: string; key: string; chords: string; secondsPerChord: number };

/** Returns an ambient piece: slow overlapping chords, bells that fall where they like, and the sea. */
export function composeSlackWater(plan: SlackWaterPlan): Composition {
  const random = createRandom(plan.seed);
  const chords = parseChords(plan.chords);
  const key = parseKey(plan.key);
  const clock = new Clock({ beatsPerMinute: 60, startSeconds: 1 });
  const endSeconds = 1 + chords.length * plan.secondsPerChord + 9;
  const mixer = new Mixer();
  const deep = mixer.return('deep', {
    gainDb: 5,
    effects: [reverb({ decaySeconds: 8, size: 1.6, dampingHertz: 4200, preDelaySeconds: 0.04 })],
  });
  const echo = mixer.return('echo', { gainDb: -5, effects: [pingPong(0.83, 0.55, 2600)] });
  const tide = curve([
    [0, 380],
    [endSeconds * 0.3, 1200],
    [endSeconds * 0.62, 2600],
    [endSeconds * 0.8, 1300],
    [endSeconds, 450],
  ]);
  const pad = mixer.channel('pad', {
    gainDb: -4,
    effects: [sweptLowPass(tide), chorus(0.4, 0.23, 4), equaliser({ kind: 'high-pass', hertz: 90 })],
    sends: [{ to: deep, gainDb: -7 }],
  });
  const low = mixer.channel('low', { gainDb: -9 });
  const bells = mixer.channel('bells', {
    gainDb: -1,
    sends: [
      { to: deep, gainDb: -4 },
      { to: echo, gainDb: -5 },
    ],
  });
  const piano = mixer.channel('piano', {
    gainDb: -4,
    sends: [
      { to: deep, gainDb: -4 },
      { to: echo, gainDb: -8 },
    ],
  });
  const sea = mixer.channel('sea', { gainDb: -7, sends: [{ to: deep, gainDb: -14 }] });

  const padPlayer = new Player(pad, clock, random.fork('pad'), 60);
  const lowPlayer = new Player(low, clock, random.fork('low'));
  const bellPlayer = new Player(bells, clock, random.fork('bell'), 20);
  const pianoPlayer = new Player(piano, clock, random.fork('piano'), 20);
  const chance = random.fork('chance');
  const swell = sawPad({
    shape: { attack: 3.6, decay: 4, sustain: 0.9, release: 5.5 },
    cutoffHertz: 2400,
    detuneCents: 7,
  });
  const ground = roundBass({ attack: 1.2, decay: 6, sustain: 0.7, release: 3 }, 0.18);
  voiceLead(chords, { low: 50, high: 74, notes: 5 }).forEach((notes, i) => {
    const chord = chords[i];
    if (chord === undefined) return;
    const start = i * plan.secondsPerChord;
    padPlayer.chord(swell, start, plan.secondsPerChord + 1, notes, 0.8, 0.35);
    lowPlayer.note(ground, start + 0.5, plan.secondsPerChord - 0.5, atOrAbove(33, chord.bass), 0.7);
    const inScale = [...notesOver(chord, key)];
    const busy = i > 0 && i < chords.length - 1 ? 4 : 2;
    for (let n = 0; n < busy; n++) {
      const beat = start + 1 + chance.range(0, plan.secondsPerChord - 1.5);
      bellPlayer.note(
        glassBell(9),
        beat,
        9,
        atOrAbove(chance.pick([72, 76, 84]), chance.pick(chord.tones)),
        chance.range(0.3, 0.65),
      );
    }
    if (i >= 2 && i < chords.length - 1) {
      // A three-note sigh on the piano, never quite the same.
      const first = atOrAbove(chance.integer(69, 76), chance.pick(chord.tones));
      const second = atOrAbove(first - 5, chance.pick(inScale));
      pianoPlayer.note(feltPiano(0.6), start + 2, 5, first, 0.7);
      pianoPlayer.note(feltPiano(0.6), start + 3.25, 5, second, 0.55);
      pianoPlayer.note(feltPiano(0.6), start + 4.5, 6, atOrAbove(60, chance.pick(chord.tones)), 0.6);
    }
  });
  sea.schedule(0, () => water(random.fork('sea'), endSeconds, 760, 0.85));
  return {
    mixer,
    lengthSeconds: endSeconds,
    cutSeconds: [],
    fadeInSeconds: 2,
    fadeOutSeconds: 7,
    targetLufs: -16,
  };
}
