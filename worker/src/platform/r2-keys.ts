/** Returns the key of an original: one per upload, so that no upload can overwrite another's. */
export function originalKey(trackId: string, uploadId: string): string {
  return `originals/${trackId}/${uploadId}`;
}

/** Returns the prefix, ending in `/`, of everything one transcode attempt wrote. */
export function hlsPrefix(trackId: string, version: string): string {
  return `hls/${trackId}/${version}/`;
}

/** Returns the key of one object (`128/0.m4s`, `master.m3u8`, …) of a version. */
export function hlsKey(trackId: string, version: string, path: string): string {
  return hlsPrefix(trackId, version) + path;
}
