import { createHash } from 'node:crypto';
import type { Uploaded } from './api.ts';
import type { Snapshot } from './platform-questions.ts';

/** Returns the objects of a track's published version by path: what they must be is the same for every track. */
function publishedObjects({ tracks, objects }: Snapshot, trackId: string): Map<string, string> {
  const version = tracks.find(({ id }) => id === trackId)?.version;
  const prefix = `hls/${trackId}/${version}/`;
  return new Map(
    objects
      .filter(({ key }) => key.startsWith(prefix))
      .map(({ key, size, etag }) => [key.slice(prefix.length), `${size} bytes, ${etag}`]),
  );
}

/**
 * Returns what is wrong, in words: nothing, where every track has exactly one published version that is byte for
 * byte that of the undisturbed `reference`, every original is what was uploaded, and nothing else is left.
 */
export function judge(
  snapshot: Snapshot,
  reference: Uploaded,
  uploaded: Uploaded[],
  manifest: { path: string; bytes: number }[],
  recording: Buffer,
): string[] {
  const wrong: string[] = [];
  const sha256 = createHash('sha256').update(recording).digest('hex');
  const expected = publishedObjects(snapshot, reference.trackId);
  const promised = new Map(manifest.map(({ path, bytes }) => [path, bytes]));
  for (const [path, bytes] of promised) {
    if (!expected.get(path)?.startsWith(`${bytes} bytes`))
      wrong.push(`the reference lacks ${path} of ${bytes} bytes`);
  }
  const known = new Set<string>();
  for (const { trackId, uploadId } of [reference, ...uploaded]) {
    const track = snapshot.tracks.find(({ id }) => id === trackId);
    const transcodes = snapshot.transcodes.filter((transcode) => transcode.trackId === trackId);
    const attempts = snapshot.attempts.filter((attempt) => attempt.trackId === trackId);
    if (track?.state !== 'ready' || track.previewVersion !== null)
      wrong.push(`${trackId} is ${track?.state}`);
    if (transcodes.length !== 1 || transcodes[0]?.state !== 'done')
      wrong.push(`${trackId} has not one finished transcode`);
    if (
      attempts.length !== 1 ||
      attempts[0]?.state !== 'published' ||
      attempts[0].version !== track?.version
    ) {
      wrong.push(`${trackId} has ${attempts.length} attempts left: ${attempts.map(({ state }) => state)}`);
    }
    const objects = publishedObjects(snapshot, trackId);
    for (const path of new Set([...expected.keys(), ...objects.keys()])) {
      if (objects.get(path) !== expected.get(path))
        wrong.push(`${trackId} ${path}: ${objects.get(path)} instead of ${expected.get(path)}`);
      known.add(`hls/${trackId}/${track?.version}/${path}`);
    }
    const original = `originals/${trackId}/${uploadId}`;
    if (snapshot.originals[original] !== sha256)
      wrong.push(`the original of ${trackId} is not what was uploaded`);
    known.add(original);
  }
  for (const { key } of snapshot.objects) if (!known.has(key)) wrong.push(`${key} belongs to nothing`);
  if (snapshot.letters > 0) wrong.push(`${snapshot.letters} transcodes were given up`);
  return wrong;
}
