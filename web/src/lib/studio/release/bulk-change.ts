import type { Licence, StudioTrack, TrackChange, TracksChange } from '../studio-api.ts';

/** Returns what a filled-in form changes of every track; what was left alone is not named. */
export function bulkChange(values: Record<string, string>): TracksChange {
  const {
    artistName = '',
    versionTitle = '',
    discNumber = '',
    explicit,
    downloadable,
    licence = 'keep',
  } = values;
  const isChosen = (choice: string | undefined) => choice === 'yes' || choice === 'no';
  return {
    ...(artistName.trim() !== '' && { artistName: artistName.trim() }),
    ...(versionTitle.trim() !== '' && { versionTitle: versionTitle.trim() }),
    ...(discNumber !== '' && { discNumber: Number(discNumber) }),
    ...(isChosen(explicit) && { explicit: explicit === 'yes' }),
    ...(isChosen(downloadable) && { downloadable: downloadable === 'yes' }),
    ...(licence !== 'keep' && { licence: licence === 'release' ? null : (licence as Licence) }),
  };
}

/** Returns the change that gives a track back what another change took. */
export function changeBack(track: StudioTrack, change: TracksChange): TrackChange {
  const { artistName, versionTitle, discNumber, explicit, downloadable, licence } = track;
  const before = { artistName, versionTitle, discNumber: discNumber ?? 1, explicit, downloadable, licence };
  return Object.fromEntries(Object.entries(before).filter(([name]) => name in change));
}
