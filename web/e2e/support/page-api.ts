import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { makeWav } from './make-wav.ts';

/** Calls the API as the page does, and returns what it answers. Throws where it refuses. */
export async function call<T>(page: Page, path: string, method: string, body?: unknown): Promise<T> {
  const { ok, text } = await page.evaluate(
    async ([url, verb, json]) => {
      const init = json === undefined ? {} : { body: JSON.stringify(json) };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(String(url), { method: String(verb), headers, ...init });
      return { ok: answer.ok, text: await answer.text() };
    },
    [path, method, body],
  );
  if (!ok) throw new Error(`${method} ${path}: ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

/** Uploads a recording and returns its track, once it can be played. */
export async function uploadTrack(
  page: Page,
  { title, seconds, releaseId }: { title: string; seconds: number; releaseId?: string },
): Promise<string> {
  const bytes = makeWav(seconds);
  const { uploadId, trackId } = await call<{ uploadId: string; trackId: string }>(
    page,
    '/api/v1/uploads',
    'POST',
    { fileName: `${title}.wav`, sizeBytes: bytes.length, ...(releaseId === undefined ? {} : { releaseId }) },
  );
  await page.evaluate(
    async ([id, base64]) => {
      const body = Uint8Array.from(atob(String(base64)), (character) => character.charCodeAt(0));
      await fetch(`/api/v1/uploads/${id}/parts/1`, { method: 'PUT', body });
    },
    [uploadId, bytes.toString('base64')],
  );
  await call(page, `/api/v1/uploads/${uploadId}/complete`, 'POST');
  await vi.waitFor(
    async () => {
      const { state } = await call<{ state: string }>(page, `/api/v1/tracks/${trackId}`, 'GET');
      if (state !== 'ready') throw new Error(`${title} is ${state}`);
    },
    { timeout: 60_000, interval: 500 },
  );
  return trackId;
}

/** Publishes a release of new tracks by a new artist, and returns the artist's and its slug. */
export async function publishRelease(
  page: Page,
  given: { artist: string; title: string; tracks: string[]; seconds: number; genres?: string[] },
): Promise<{ artistSlug: string; releaseSlug: string }> {
  const artist = await call<{ artistId: string; slug: string }>(page, '/api/v1/artists', 'POST', {
    name: given.artist,
  });
  const { releaseId } = await call<{ releaseId: string }>(page, '/api/v1/releases', 'POST', {
    artistId: artist.artistId,
    title: given.title,
  });
  for (const title of given.tracks) await uploadTrack(page, { title, seconds: given.seconds, releaseId });
  if (given.genres) await call(page, `/api/v1/releases/${releaseId}`, 'PATCH', { genres: given.genres });
  // No cover, and that on purpose.
  await call(page, `/api/v1/releases/${releaseId}/artwork`, 'DELETE');
  const { slug } = await call<{ slug: string }>(page, `/api/v1/releases/${releaseId}/publish`, 'POST');
  return { artistSlug: artist.slug, releaseSlug: slug };
}
