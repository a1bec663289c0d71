const AUDIO_NAME = /\.(?:mp3|flac|wave?|aiff?|m4a|mp4|ogg|oga|opus)$/i;
const PICTURE_NAME = /\.(?:png|jpe?g|webp)$/i;

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Files that were dropped together. */
export interface SortedFiles {
  /** In the order of their names, in which 2 comes before 10. */
  audio: File[];
  pictures: File[];
  /** Names of what is neither. */
  others: string[];
}

/** Returns what was dropped, by what can be done with it: judged by name and type, the server looks at the bytes. */
export function sortFiles(files: readonly File[]): SortedFiles {
  const isAudio = ({ name, type }: File) => AUDIO_NAME.test(name) || type.startsWith('audio/');
  const isPicture = ({ name }: File) => PICTURE_NAME.test(name);
  const sorted = files
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((a, b) => byName.compare(a.name, b.name));
  return {
    audio: sorted.filter(isAudio),
    pictures: sorted.filter((file) => !isAudio(file) && isPicture(file)),
    others: sorted.filter((file) => !isAudio(file) && !isPicture(file)).map(({ name }) => name),
  };
}

/** Returns what is said of files that were left out, or null where all were taken. */
export function leftOutSentence(names: readonly string[]): string | null {
  const [first, second, ...more] = names;
  if (first === undefined) return null;
  const named = more.length > 0 ? `${first}, ${second} and ${more.length} more` : names.join(' and ');
  return names.length === 1
    ? `${named} was left out: it is not a recording.`
    : `${named} were left out: they are not recordings.`;
}
