import type { FerryPlan } from './ferry.ts';

/** Four tracks on one clock: leaving harbour, open water, the lighthouse, and the far shore at dawn. */
export const nightFerry: FerryPlan = {
  seed: 'night ferry',
  beatsPerMinute: 116,
  tracks: [
    {
      title: 'Departure Lounge',
      key: 'A minor',
      chords: 'Am9 Fmaj9 Cmaj7 G6',
      bassStyle: 'octaves',
      arpeggio: [0, 2, 4, 2, 5, 4, 2, 4],
      sections: [
        { name: 'harbour', bars: 8, layers: ['pad', 'arp', 'shore'] },
        { name: 'engine', bars: 8, layers: ['pad', 'arp', 'bass', 'kick', 'hats'] },
        {
          name: 'cast off',
          bars: 16,
          layers: ['pad', 'arp', 'bass', 'kick', 'hats', 'clap', 'lead', 'toms'],
        },
        { name: 'wake', bars: 8, layers: ['pad', 'arp', 'bass', 'kick', 'hats', 'clap', 'rise'] },
      ],
    },
    {
      title: 'Open Water',
      key: 'D minor',
      chords: 'Dm9 Bbmaj9 Gm9 Am7',
      bassStyle: 'rolling',
      arpeggio: [0, 4, 2, 5, 3, 4, 1, 5],
      sections: [
        { name: 'verse', bars: 8, layers: ['pad', 'bass', 'kick', 'hats', 'clap', 'arp'] },
        { name: 'chorus', bars: 16, layers: ['pad', 'bass', 'kick', 'hats', 'clap', 'arp', 'lead', 'toms'] },
        { name: 'swell', bars: 8, layers: ['pad', 'arp', 'shore'] },
        { name: 'chorus', bars: 8, layers: ['pad', 'bass', 'kick', 'hats', 'clap', 'arp', 'lead', 'toms'] },
        { name: 'ebb', bars: 4, layers: ['pad', 'arp', 'bass', 'kick'] },
      ],
    },
    {
      title: 'Lighthouse Sequence',
      key: 'F minor',
      chords: 'Fm9 Dbmaj9 Ab6 Eb',
      bassStyle: 'offbeat',
      arpeggio: [0, -1, 4, 2, -1, 5, 2, 4, 0, -1, 3, 2, 5, -1, 4, 2],
      sections: [
        { name: 'beam', bars: 8, layers: ['arp', 'bass', 'kick', 'hats'] },
        { name: 'turn', bars: 8, layers: ['pad', 'arp', 'bass', 'kick', 'hats', 'clap', 'rise'] },
        { name: 'light', bars: 16, layers: ['pad', 'arp', 'bass', 'kick', 'hats', 'clap', 'lead', 'toms'] },
        { name: 'dark', bars: 8, layers: ['pad', 'arp', 'kick'] },
      ],
    },
    {
      title: 'Arrivals at Dawn',
      key: 'C major',
      chords: 'Fmaj9 G6 Am9 Cmaj7',
      bassStyle: 'long',
      arpeggio: [0, 2, 4, 5, 4, 2, 4, 2],
      sections: [
        { name: 'shore', bars: 8, layers: ['pad', 'arp', 'bass', 'shore'] },
        { name: 'sun', bars: 16, layers: ['pad', 'arp', 'bass', 'kick', 'hats', 'clap', 'lead', 'toms'] },
        { name: 'moor', bars: 8, layers: ['pad', 'arp', 'bass', 'kick', 'hats'] },
        { name: 'gulls', bars: 6, layers: ['pad', 'arp', 'shore'] },
      ],
    },
  ],
};
