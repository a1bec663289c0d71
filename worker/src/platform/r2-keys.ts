/** Returns the key of an original: one per upload, so that no upload can overwrite another's. */
export function originalKey(trackId: string, uploadId: string): string {
  return `originals/${trackId}/${uploadId}`;
}

/** Returns the prefix, ending in `/`, of every version of a track. */
export function trackHlsPrefix(trackId: string): string {
  return `hls/${trackId}/`;
}

/** Returns the prefix, ending in `/`, of everything one transcode attempt wrote. */
export function hlsPrefix(trackId: string, version: string): string {
  return `hls/${trackId}/${version}/`;
}

/** Returns the key of one object (`128/0.m4s`, `master.m3u8`, …) of a version. */
export function hlsKey(trackId: string, version: string, path: string): string {
  return hlsPrefix(trackId, version) + path;
}

/** Returns the prefix, ending in `/`, of every copy made of a person's data. */
export function exportsPrefix(userId: string): string {
  return `exports/${userId}/`;
}

/** Returns the prefix, ending in `/`, of one copy. */
export function exportPrefix(userId: string, exportId: string): string {
  return `${exportsPrefix(userId)}${exportId}/`;
}

/** Returns the key of an archive: one per attempt, so that an attempt that was overtaken overwrites nothing. */
export function exportKey(userId: string, exportId: string, attempt: number): string {
  return `${exportPrefix(userId, exportId)}${attempt}.zip`;
}

/** Returns the prefix, ending in `/`, of every picture of an owner: a person, an artist, a release, a playlist. */
export function imagesPrefix(ownerId: string): string {
  return `images/${ownerId}/`;
}

/** Returns the prefix, ending in `/`, of one picture in all its sizes. */
export function imagePrefix(ownerId: string, imageId: string): string {
  return `${imagesPrefix(ownerId)}${imageId}/`;
}

/** Returns the key of a picture of one width. */
export function imageKey(ownerId: string, imageId: string, widthPx: number): string {
  return `${imagePrefix(ownerId, imageId)}${widthPx}.webp`;
}
