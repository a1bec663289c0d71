import { type ApiClient, apiClient, jsonOf, succeed, type Upload } from '$lib/api/client.ts';
import { type PartUpload, sendPart } from './send-part.ts';
import type { UploadPlace } from './upload-place.ts';

/** A file as the API is told of it. */
type NewUpload = UploadPlace & {
  fileName: string;
  sizeBytes: number;
  mediaType: string;
  sha256: string | null;
};

/** The other end of an upload, so that one can be tried without a server. */
export interface UploadServer {
  create(file: NewUpload): Promise<{
    uploadId: string;
    trackId: string;
    partSizeBytes: number;
  }>;
  read(uploadId: string): Promise<Upload>;
  sendPart(part: PartUpload): Promise<void>;
  complete(uploadId: string): Promise<void>;
  cancel(uploadId: string): Promise<void>;
}

/** Returns the API as the other end. Everything throws ApiError. */
export function apiUploadServer(): UploadServer {
  const uploads = (): ApiClient['api']['v1']['uploads'] => apiClient().api.v1.uploads;
  return {
    create: ({ fileName, sizeBytes, mediaType, sha256, releaseId, replaces }) =>
      jsonOf(
        uploads().$post({
          json: {
            fileName,
            sizeBytes,
            ...(mediaType === '' ? {} : { mediaType }),
            ...(sha256 === null ? {} : { sha256 }),
            ...(releaseId === null ? {} : { releaseId }),
            ...(replaces === null ? {} : { replaces }),
          },
        }),
      ),
    read: (uploadId) => jsonOf(uploads()[':uploadId'].$get({ param: { uploadId } })),
    sendPart,
    complete: async (uploadId) => {
      await succeed(uploads()[':uploadId'].complete.$post({ param: { uploadId } }));
    },
    cancel: async (uploadId) => {
      await succeed(uploads()[':uploadId'].$delete({ param: { uploadId } }));
    },
  };
}

/** Returns my uploads that wait for the rest of their file, newest first. Throws ApiError. */
export async function unfinishedUploads(): Promise<Upload[]> {
  const { items } = await jsonOf(apiClient().api.v1.uploads.$get({ query: { limit: '100' } }));
  return items.filter(({ state, expiresAt }) => state === 'receiving' && Date.parse(expiresAt) > Date.now());
}
