import { type IAudioMetadata, parseFile } from 'music-metadata';

export type Tags = {
  title: string | undefined;
  artist: string | undefined;
  albumArtist: string | undefined;
  album: string | undefined;
  trackNumber: number | undefined;
  discNumber: number | undefined;
  hasCover: boolean;
};

/**
 * Returns a file's tags for display and order, or undefined when they cannot be read: that is no reason
 * not to upload it, since the server looks at the recording itself.
 */
export async function readTags(path: string): Promise<Tags | undefined> {
  let metadata: IAudioMetadata;
  try {
    metadata = await parseFile(path, { duration: false });
  } catch {
    // music-metadata throws its own errors for anything it does not understand.
    return undefined;
  }
  const { common } = metadata;
  return {
    title: common.title,
    artist: common.artist,
    albumArtist: common.albumartist,
    album: common.album,
    trackNumber: common.track.no ?? undefined,
    discNumber: common.disk.no ?? undefined,
    hasCover: (common.picture?.length ?? 0) > 0,
  };
}
