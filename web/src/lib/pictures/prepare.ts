import { ApiError } from '$lib/api/api-error.ts';

/** What the API takes as it is; anything else a browser can show is turned into JPEG. */
const TAKEN = new Set(['image/png', 'image/jpeg', 'image/webp']);
/** No picture of ours is shown larger than 1500 pixels, four times that is room enough to cut. */
const LONGEST_SIDE_PX = 4000;
const JPEG_QUALITY = 0.92;

/** A picture that can be shown and sent. */
export interface Prepared {
  bitmap: ImageBitmap;
  blob: Blob;
}

/** Opens a file that somebody chose; makes it smaller where it is over `mostBytes`. Throws ApiError. */
export async function preparePicture(file: File, mostBytes: number): Promise<Prepared> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    const words = 'This browser cannot open the file as a picture. Choose a PNG, JPEG or WebP.';
    throw new ApiError('refused', words, {}, cause);
  });
  if (TAKEN.has(file.type) && file.size <= mostBytes) return { bitmap, blob: file };
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (context !== null) {
    // JPEG knows no transparency.
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  }
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
  if (blob.size > mostBytes)
    throw new ApiError('refused', 'This picture is too large. Choose a smaller one.');
  return { bitmap, blob };
}
