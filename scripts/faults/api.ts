import { newOperatorToken } from '../start/data-folder.ts';

/** A recording that was uploaded whole. */
export interface Uploaded {
  trackId: string;
  uploadId: string;
}

/** Who uploads in the campaign; the platform is killed and started again with the same token. */
export const TOKEN = newOperatorToken();

async function call<T>(url: string, path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${TOKEN}`);
  const response = await fetch(new URL(path, url), { ...init, headers });
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Uploads a recording of one part through the public API, which queues its transcode. */
export async function upload(url: string, recording: Buffer): Promise<Uploaded> {
  const opened = await call<Uploaded & { partCount: number }>(url, '/api/v1/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fileName: 'recording.wav', sizeBytes: recording.length }),
  });
  if (opened.partCount !== 1) throw new Error('the recording is too long for one part');
  const path = `/api/v1/uploads/${opened.uploadId}`;
  await call(url, `${path}/parts/1`, { method: 'PUT', body: new Uint8Array(recording) });
  await call(url, `${path}/complete`, { method: 'POST' });
  return opened;
}

/** Returns the state of a track. */
export async function stateOf(url: string, trackId: string): Promise<string> {
  return (await call<{ state: string }>(url, `/api/v1/tracks/${trackId}`)).state;
}
