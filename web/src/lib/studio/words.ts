import type { EditRelease, Licence, ReleaseState } from './studio-api.ts';

export const STATE_WORDS: Record<ReleaseState, string> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  published: 'Published',
  withdrawn: 'Withdrawn',
};

export const KIND_WORDS: Record<EditRelease['kind'], string> = {
  album: 'Album',
  ep: 'EP',
  single: 'Single',
  compilation: 'Compilation',
};

export const LICENCE_WORDS: Record<Licence, string> = {
  'all-rights-reserved': 'All rights reserved',
  'cc-by-4.0': 'CC BY: may be used, with your name',
  'cc-by-sa-4.0': 'CC BY-SA: … and shared alike',
  'cc-by-nd-4.0': 'CC BY-ND: … unchanged only',
  'cc-by-nc-4.0': 'CC BY-NC: … not for money',
  'cc-by-nc-sa-4.0': 'CC BY-NC-SA: … not for money, shared alike',
  'cc-by-nc-nd-4.0': 'CC BY-NC-ND: … not for money, unchanged',
  'cc0-1.0': 'CC0: public domain',
};

/** Roles that are offered; any other may be typed. */
export const CREDIT_ROLES = [
  'featured',
  'composer',
  'lyricist',
  'producer',
  'mixing',
  'mastering',
  'vocals',
  'guitar',
  'bass',
  'drums',
  'keys',
  'artwork',
];

/** Names of genres to choose from; any other may be typed. */
export const GENRES = [
  'Ambient',
  'Blues',
  'Classical',
  'Country',
  'Drum and Bass',
  'Dub',
  'Electronic',
  'Experimental',
  'Folk',
  'Funk',
  'Hip-Hop',
  'House',
  'Indie',
  'Jazz',
  'Metal',
  'Pop',
  'Punk',
  'R&B',
  'Reggae',
  'Rock',
  'Singer-Songwriter',
  'Soul',
  'Soundtrack',
  'Techno',
  'Trance',
  'Trip-Hop',
  'World',
];

/** Returns what a release is called while nobody has named it. */
export function titleOf({ title }: { title: string }): string {
  return title === '' ? 'Untitled' : title;
}
