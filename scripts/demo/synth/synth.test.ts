import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { catalogue } from '../catalogue.ts';
import type { Composition } from '../music/form.ts';
import { renderComposition, trackBoundaries } from '../render-piece.ts';
import { composeFerry } from '../styles/ferry.ts';
import { composeLofi } from '../styles/lofi.ts';
import { nightFerry } from '../styles/night-ferry.ts';
import { createStereo, decibels, SAMPLE_RATE, type Stereo } from './audio.ts';
import { measureLoudness } from './loudness.ts';
import { sine } from './oscillator.ts';
import { quantise } from './pcm.ts';

const SHORT_SECONDS = 10;

function short(composition: Composition): Composition {
  return {
    ...composition,
    lengthSeconds: Math.min(SHORT_SECONDS, composition.lengthSeconds),
    fadeOutSeconds: 0.5,
  };
}

function lofi(seed: string): Composition {
  return composeLofi({
    seed,
    beatsPerMinute: 120,
    key: 'C major',
    verse: 'Dm9 G13 Cmaj9 A7b13',
    chorus: 'Fmaj9 Em7 Dm9 G9sus4',
    lead: 'vibraphone',
    groove: 0,
  });
}

function hash({ left, right }: Stereo): string {
  return createHash('sha256')
    .update(new Uint8Array(left.buffer))
    .update(new Uint8Array(right.buffer))
    .digest('hex');
}

function peak({ left, right }: Stereo): number {
  let highest = 0;
  for (const channel of [left, right])
    for (const value of channel) highest = Math.max(highest, Math.abs(value));
  return highest;
}

const pieces = catalogue.flatMap((release) =>
  release.pieces.slice(0, 1).map((piece) => ({ release, piece })),
);

test.each(pieces)('$release.title: as loud as meant, no clipping, no offset', ({ piece }) => {
  const composition = short(piece.compose());
  const sound = renderComposition(composition);
  expect(Math.abs(measureLoudness(sound) - composition.targetLufs)).toBeLessThan(1.5);
  expect(composition.targetLufs).toBeGreaterThanOrEqual(-16);
  expect(composition.targetLufs).toBeLessThanOrEqual(-14);
  expect(peak(sound)).toBeLessThanOrEqual(decibels(-1.4));
  for (const channel of [sound.left, sound.right]) {
    const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
    expect(Math.abs(mean)).toBeLessThan(0.001);
    expect(channel.every(Number.isFinite)).toBe(true);
  }
});

test('the same seed gives the same music, another seed another', () => {
  const [first, again, other] = ['one', 'one', 'two'].map((seed) =>
    hash(renderComposition({ ...lofi(seed), lengthSeconds: 4 })),
  );
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('loudness is measured as EBU R128 says: a 997 Hz sine at −20 dBFS in both ears has −20 LUFS', () => {
  const tone = createStereo(SAMPLE_RATE * 3);
  for (let i = 0; i < tone.left.length; i++) {
    tone.left[i] = 0.1 * sine((i * 997) / SAMPLE_RATE);
    tone.right[i] = tone.left[i] ?? 0;
  }
  expect(measureLoudness(tone)).toBeCloseTo(-20, 1);
});

test('the catalogue is as large as promised and nothing is called twice', () => {
  const titles = catalogue.flatMap(({ pieces: all }) => all.flatMap((piece) => piece.titles));
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThanOrEqual(12);
  expect(catalogue.length).toBeGreaterThanOrEqual(4);
  expect(new Set(catalogue.map(({ artist }) => artist)).size).toBeGreaterThanOrEqual(3);
});

test('every track lasts between one and three minutes', () => {
  for (const { piece } of catalogue.flatMap((release) => release.pieces.map((piece) => ({ piece })))) {
    const bounds = trackBoundaries(piece.compose());
    expect(bounds).toHaveLength(piece.titles.length + 1);
    for (const [i, start] of bounds.slice(0, -1).entries()) {
      const seconds = ((bounds[i + 1] ?? 0) - start) / SAMPLE_RATE;
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThanOrEqual(180);
    }
  }
});

test('a continuous release flows across its joints: same samples, no silence, no step', () => {
  const tracks = nightFerry.tracks.slice(0, 2).map((track, i) => {
    const section = track.sections.at(i === 0 ? -1 : 0);
    if (section === undefined) throw new Error('A track without sections');
    return { ...track, sections: [{ ...section, bars: 2 }] };
  });
  const joined = short(composeFerry({ ...nightFerry, tracks }));
  const whole = renderComposition(joined);
  const [, cut = 0, end = 0] = trackBoundaries(joined);
  const first = quantise(whole, 0, cut);
  const second = quantise(whole, cut, end);
  expect(first.left.length + second.left.length).toBe(whole.left.length);
  const around = [...first.left.slice(-2000), ...second.left.slice(0, 2000)];
  const steps = around.slice(1).map((value, i) => Math.abs(value - (around[i] ?? 0)));
  const joint = steps[1999] ?? 0;
  expect(joint).toBeLessThanOrEqual(Math.max(...steps.slice(0, 1990), ...steps.slice(2010)));
  for (const part of [around.slice(1780, 2000), around.slice(2000, 2220)]) {
    expect(Math.max(...part.map(Math.abs))).toBeGreaterThan(200);
  }
});
