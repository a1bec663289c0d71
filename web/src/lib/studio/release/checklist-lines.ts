import type { EditRelease } from '../studio-api.ts';

/** A line of the checklist. */
export interface ChecklistLine {
  key: string;
  words: string;
  state: 'done' | 'missing' | 'waiting' | 'failed';
  /** What to lead to where it is missing. */
  selector: string;
}

type Checked = Pick<EditRelease, 'checklist' | 'hasNoArtwork'> & {
  tracks: readonly Pick<EditRelease['tracks'][number], 'trackId' | 'title'>[];
};

/** Returns what a release needs before it can come out, and how much of that is there. */
export function checklistLines({ checklist, hasNoArtwork, tracks }: Checked): ChecklistLine[] {
  const lacks = (code: EditRelease['checklist'][number]['code']) =>
    checklist.filter((item) => item.code === code);
  const pending = lacks('track_pending').length;
  const failed = lacks('track_failed').length;
  const titleOf = (id: string | null) => tracks.find(({ trackId }) => trackId === id)?.title ?? 'A track';
  const isEmpty = lacks('tracks').length > 0;
  const hasTitle = lacks('title').length === 0;
  const hasCover = lacks('artwork').length === 0;
  return [
    {
      key: 'title',
      words: hasTitle ? 'A title' : 'Give it a title',
      state: hasTitle ? 'done' : 'missing',
      selector: '[data-release] input[name="title"]',
    },
    {
      key: 'artwork',
      words: hasCover
        ? hasNoArtwork
          ? 'No cover, as you wish'
          : 'A cover'
        : 'Choose a cover, or go without',
      state: hasCover ? 'done' : 'missing',
      selector: '[data-cover] button',
    },
    ...lacks('track_failed').map(
      ({ trackId }): ChecklistLine => ({
        key: `failed ${trackId}`,
        words: `${titleOf(trackId)}: the file could not be used`,
        state: 'failed',
        selector: `[data-track="${trackId}"] input:not([type="checkbox"])`,
      }),
    ),
    {
      key: 'tracks',
      words: isEmpty
        ? 'Add a recording'
        : pending > 0
          ? `${pending} of ${tracks.length} tracks on the way`
          : failed > 0
            ? `${tracks.length - failed} of ${tracks.length} recordings can be played`
            : 'Recordings that can be played',
      state: isEmpty ? 'missing' : pending > 0 ? 'waiting' : 'done',
      selector: '[data-add] input[type="file"]',
    },
  ];
}
