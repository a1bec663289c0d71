import type { Composition } from './music/form.ts';
import { composeBossa } from './styles/bossa.ts';
import { composeChip } from './styles/chip.ts';
import { composeFelt } from './styles/felt.ts';
import { composeFerry } from './styles/ferry.ts';
import { composeLofi } from './styles/lofi.ts';
import { nightFerry } from './styles/night-ferry.ts';
import { composeSlackWater } from './styles/slack-water.ts';

export type CoverStyle = 'steam' | 'harbour' | 'window' | 'tide' | 'tiles' | 'pixels';

/** A piece of music: one track, or several when it is cut (a continuous release). */
export type Piece = { titles: readonly string[]; compose: () => Composition };

export type Release = {
  artist: string;
  title: string;
  genre: string;
  year: number;
  cover: CoverStyle;
  pieces: readonly Piece[];
};

/** The demonstration catalogue: invented artists, music composed by code. The same on every machine. */
export const catalogue: readonly Release[] = [
  {
    artist: 'Cassia Volt',
    title: 'Night Ferry',
    genre: 'Synthwave',
    year: 2024,
    cover: 'harbour',
    pieces: [
      { titles: nightFerry.tracks.map(({ title }) => title), compose: () => composeFerry(nightFerry) },
    ],
  },
  {
    artist: 'Marlow Fenn',
    title: 'Kettle Weather',
    genre: 'Lo-fi',
    year: 2023,
    cover: 'steam',
    pieces: [
      {
        titles: ['Condensation'],
        compose: () =>
          composeLofi({
            seed: 'condensation',
            beatsPerMinute: 78,
            key: 'C major',
            verse: 'Dm9 G13 Cmaj9 A7b13',
            chorus: 'Fmaj9 Em7 Dm9 G9sus4',
            lead: 'vibraphone',
            groove: 0,
          }),
      },
      {
        titles: ['Two Sugars'],
        compose: () =>
          composeLofi({
            seed: 'two sugars',
            beatsPerMinute: 84,
            key: 'Eb major',
            verse: 'Ebmaj9 Cm9 Fm9 Bb13',
            chorus: 'Abmaj9 Gm7 Fm9 Bb9sus4',
            lead: 'flute',
            groove: 1,
          }),
      },
      {
        titles: ['Bus Window, Late'],
        compose: () =>
          composeLofi({
            seed: 'bus window',
            beatsPerMinute: 71,
            key: 'A minor',
            verse: 'Am9 Fmaj9 Dm9 Em7',
            chorus: 'Fmaj9 G13 Em7 Am9',
            lead: 'piano',
            groove: 2,
            rain: true,
          }),
      },
    ],
  },
  {
    artist: 'Elin Vesterhav',
    title: 'Rooms Without Clocks',
    genre: 'Modern classical',
    year: 2022,
    cover: 'window',
    pieces: [
      {
        titles: ['North Window'],
        compose: () =>
          composeFelt({
            seed: 'north window',
            beatsPerMinute: 76,
            beatsPerBar: 4,
            key: 'D major',
            theme: 'Dadd9 Bm7 Gmaj7 A7sus4 Dadd9/F# Gmaj7 Em7 A7sus4',
            middle: 'Bm7 Gmaj7 Dadd9 A Em7 Bm7 Gmaj7 A7sus4',
            softness: 0.6,
            leftHand: [0, 2, 3, 4, 3, 2, 3, 2],
          }),
      },
      {
        titles: ['Waltz for an Empty Stair'],
        compose: () =>
          composeFelt({
            seed: 'empty stair',
            beatsPerMinute: 96,
            beatsPerBar: 3,
            key: 'G minor',
            theme: 'Gm Ebmaj7 Bb F Gm Cm7 Dm7 Gm',
            middle: 'Ebmaj7 F Dm7 Gm Cm7 F Bb D7',
            softness: 0.75,
            leftHand: [0, -1, 2, 3, 2, 3],
          }),
      },
      {
        titles: ['Snow on the Lid'],
        compose: () =>
          composeFelt({
            seed: 'snow lid',
            beatsPerMinute: 66,
            beatsPerBar: 4,
            key: 'F major',
            theme: 'Fmaj7 Am7 Dm7 Bbmaj7 Fmaj7 C/E Dm7 C7sus4',
            middle: 'Bbmaj7 C Am7 Dm7 Gm7 Am7 Bbmaj7 C7sus4',
            softness: 0.95,
            leftHand: [0, 3, 2, -1, 4, 3, 2, -1],
          }),
      },
    ],
  },
  {
    artist: 'Elin Vesterhav',
    title: 'Slack Water',
    genre: 'Ambient',
    year: 2024,
    cover: 'tide',
    pieces: [
      {
        titles: ['Slack Water'],
        compose: () =>
          composeSlackWater({
            seed: 'slack water',
            key: 'E lydian',
            chords: 'Emaj9 C#m11 Amaj9 F#m11 Emaj9 G#m7 Amaj9 Badd9 C#m11 Emaj9',
            secondsPerChord: 12.5,
          }),
      },
    ],
  },
  {
    artist: 'Trio Maré Baixa',
    title: 'Varanda',
    genre: 'Bossa nova',
    year: 2021,
    cover: 'tiles',
    pieces: [
      {
        titles: ['Café às Seis'],
        compose: () =>
          composeBossa({
            seed: 'cafe',
            beatsPerMinute: 138,
            key: 'C major',
            first: 'Cmaj9 Cmaj9 Dm9 G13 Em7 A7b9 Dm9 G13',
            second: 'Fmaj9 Fm6 Em7 A7b9 Dm9 G13 Cmaj9 G9sus4',
            lead: 'flute',
          }),
      },
      {
        titles: ['Rua de Sombra'],
        compose: () =>
          composeBossa({
            seed: 'rua',
            beatsPerMinute: 122,
            key: 'A minor',
            first: 'Am9 Am9 Dm9 E7b9 Am9 Fmaj9 Bm7b5 E7b9',
            second: 'Dm9 G13 Cmaj9 Fmaj9 Bm7b5 E7b9 Am9 E7b9',
            lead: 'vibraphone',
          }),
      },
      {
        titles: ['Domingo Devagar'],
        compose: () =>
          composeBossa({
            seed: 'domingo',
            beatsPerMinute: 114,
            key: 'F major',
            first: 'Fmaj9 Dm9 Gm9 C13 Am7 D7b9 Gm9 C13',
            second: 'Bbmaj9 Bbm6 Am7 D7b9 Gm9 C13 Fmaj9 C9sus4',
            lead: 'flute',
          }),
      },
    ],
  },
  {
    artist: 'Moth Cartridge',
    title: 'Overworld Weather',
    genre: 'Chiptune',
    year: 2020,
    cover: 'pixels',
    pieces: [
      {
        titles: ['Press Any Cloud'],
        compose: () =>
          composeChip({
            seed: 'press any cloud',
            beatsPerMinute: 138,
            key: 'C major',
            theme: 'C G Am F C G F G',
            bridge: 'Am Em F C Dm Am F G',
            drums: 'march',
          }),
      },
      {
        titles: ['Grassland, 60 Hertz'],
        compose: () =>
          composeChip({
            seed: 'grassland',
            beatsPerMinute: 152,
            key: 'D mixolydian',
            theme: 'D C G D D C G A',
            bridge: 'Bm G D A Bm G Em A',
            drums: 'drive',
          }),
      },
      {
        titles: ['The Boiler Room Keeps a Secret'],
        compose: () =>
          composeChip({
            seed: 'boiler',
            beatsPerMinute: 128,
            key: 'E minor',
            theme: 'Em C D Em Em C Am B7',
            bridge: 'G D Em C Am Em C B7',
            drums: 'half',
          }),
      },
    ],
  },
];
