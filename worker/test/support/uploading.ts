import { type Api, read } from './api.ts';
import type { Person } from './people.ts';

export interface OpenedUpload {
  uploadId: string;
  trackId: string;
  partSizeBytes: number;
  partCount: number;
  expiresAt: string;
}

export interface Completed {
  trackId: string;
  transcodeId: string;
}

/** Opens an upload of `bytes`, promising what `promise` says instead where it says so. */
export async function openUpload(
  api: Api,
  as: Person,
  bytes: Uint8Array,
  promise: {
    sizeBytes?: number;
    sha256?: string;
    fileName?: string;
    releaseId?: string;
    replaces?: string;
  } = {},
): Promise<OpenedUpload> {
  const response = await api('/api/v1/uploads', {
    as,
    json: { fileName: '01 - First light.flac', sizeBytes: bytes.length, ...promise },
  });
  if (response.status !== 201)
    throw new Error(`opening answered ${response.status}: ${await response.text()}`);
  return read<OpenedUpload>(response);
}

/** Sends part `number` of `bytes` and returns the answer. */
export function sendPart(
  api: Api,
  as: Person,
  upload: OpenedUpload,
  number: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const part = bytes.slice((number - 1) * upload.partSizeBytes, number * upload.partSizeBytes);
  return api(`/api/v1/uploads/${upload.uploadId}/parts/${number}`, {
    method: 'PUT',
    as,
    body: part,
    headers: { 'content-length': String(part.length), 'content-type': 'application/octet-stream' },
  });
}

export function completeUpload(api: Api, as: Person, upload: OpenedUpload): Promise<Response> {
  return api(`/api/v1/uploads/${upload.uploadId}/complete`, { method: 'POST', as });
}

/** Uploads a file of one part whole and returns what completing it answered. */
export async function uploadWhole(
  api: Api,
  as: Person,
  bytes: Uint8Array<ArrayBuffer>,
  promise: Parameters<typeof openUpload>[3] = {},
): Promise<Completed & OpenedUpload> {
  const upload = await openUpload(api, as, bytes, promise);
  for (let number = 1; number <= upload.partCount; number++) {
    const sent = await sendPart(api, as, upload, number, bytes);
    if (sent.status !== 200) throw new Error(`a part answered ${sent.status}: ${await sent.text()}`);
  }
  const response = await completeUpload(api, as, upload);
  if (response.status !== 202) throw new Error(`completing answered ${response.status}`);
  return { ...upload, ...(await read<Completed>(response)) };
}
