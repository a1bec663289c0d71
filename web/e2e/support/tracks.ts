import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { makeWav } from './make-wav.ts';

/** Calls the API as the page does, and returns what it answers. */
export async function call<T>(page: Page, path: string, method: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([url, verb, json]) => {
      const init = json === undefined ? {} : { body: JSON.stringify(json) };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(String(url), { method: String(verb), headers, ...init });
      return answer.json();
    },
    [path, method, body],
  ) as Promise<T>;
}

/** Uploads a short recording as whoever is signed in, an artist, and returns its track, once it can be played. */
export async function uploadTrack(page: Page, name: string): Promise<string> {
  const bytes = makeWav(2);
  const { uploadId, trackId } = await call<{ uploadId: string; trackId: string }>(
    page,
    '/api/v1/uploads',
    'POST',
    { fileName: `${name}.wav`, sizeBytes: bytes.length },
  );
  await page.evaluate(
    async ([id, base64]) => {
      const body = Uint8Array.from(atob(String(base64)), (character) => character.charCodeAt(0));
      await fetch(`/api/v1/uploads/${id}/parts/1`, { method: 'PUT', body });
    },
    [uploadId, bytes.toString('base64')],
  );
  await call(page, `/api/v1/uploads/${uploadId}/complete`, 'POST');
  await expect
    .poll(async () => (await call<{ state: string }>(page, `/api/v1/tracks/${trackId}`, 'GET')).state, {
      timeout: 40_000,
    })
    .toBe('ready');
  return trackId;
}
