const MAX_BYTES = 2 * 1024 ** 3;

/** What the file chooser offers; what a file really is, the server decides by its bytes. */
export const ACCEPT = '.mp3,.flac,.wav,.aif,.aiff,.m4a,.mp4,.ogg,.oga,.opus,audio/*';

/** Returns why a file cannot be uploaded, as a sentence, or null if it can be tried. */
export function refusalOf(file: Pick<File, 'name' | 'size'>): string | null {
  if (file.size === 0) return 'This file is empty. Export it again, then drop the new one.';
  if (file.size > MAX_BYTES) return 'This file is larger than 2 GiB. Export it as FLAC, or split it.';
  if (file.name.length > 255) return 'The name of this file is too long. Shorten it to 255 characters.';
  return null;
}
