import { ProblemError } from './errors.ts';
import { type ImageDeps, removeImage, replaceImage } from './image-store.ts';
import type { StoredImage } from './images.ts';

/** How often a picture is tried to be written while others are. */
const ATTEMPTS = 5;

/** Where a picture stands: read it, and write another in its place if it is still the same. */
export interface PicturePlace {
  read(): Promise<StoredImage | null>;
  write(from: StoredImage | null, to: StoredImage | null): Promise<boolean>;
}

async function swap(place: PicturePlace, image: StoredImage | null): Promise<StoredImage | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const from = await place.read();
    if (await place.write(from, image)) return from;
  }
  throw new ProblemError('unavailable', 'This picture is being changed elsewhere. Try again.');
}

/** Puts the picture in a request's body into a place. Throws `PICTURE_ERRORS`, and what `read` throws. */
export async function putPicture(
  images: ImageDeps,
  target: Parameters<typeof replaceImage>[1],
  request: Request,
  place: PicturePlace,
): Promise<void> {
  await replaceImage(images, target, request, (image) => swap(place, image));
}

/** Takes the picture away from a place. Repeatable. */
export async function takePicture(images: ImageDeps, place: PicturePlace): Promise<void> {
  await removeImage(images.media, await swap(place, null));
}
