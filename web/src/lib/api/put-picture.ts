import type { Crop } from '$lib/pictures/crop.ts';
import { errorFromBody, errorFromNoAnswer } from './api-error.ts';

/** Sends a picture and the part of it that is wanted to an address of the API. Throws ApiError. */
export async function putPicture(path: string, picture: Blob, crop: Crop): Promise<void> {
  const query = new URLSearchParams(Object.entries(crop).map(([name, value]) => [name, value.toFixed(5)]));
  const response = await fetch(`${path}?${query}`, { method: 'PUT', body: picture }).catch(
    (cause: unknown) => {
      throw errorFromNoAnswer(cause);
    },
  );
  if (!response.ok) throw errorFromBody(response.status, await response.text());
}
