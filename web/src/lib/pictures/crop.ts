/** A part of a picture: its left upper corner and width, in fractions of the picture's width (`x`, `size`) and height. */
export interface Crop {
  x: number;
  y: number;
  size: number;
}

/** A picture's width and height, and the width of the part that is wanted for every height of it. */
export interface CropFrame {
  width: number;
  height: number;
  aspect: number;
}

/** Beyond this the part has fewer pixels than it is shown with. */
export const LARGEST_ZOOM = 4;

/** Returns the height of a part, in fractions of the picture's height. */
export function cropHeight({ width, height, aspect }: CropFrame, size: number): number {
  return (size * width) / aspect / height;
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}

/** Returns the part of a size around a centre, moved inside of the picture where it would reach out of it. */
function around(frame: CropFrame, size: number, centreX: number, centreY: number): Crop {
  const tall = cropHeight(frame, size);
  return { x: within(centreX - size / 2, 1 - size), y: within(centreY - tall / 2, 1 - tall), size };
}

/** Returns the largest part, in the middle. */
export function wholeCrop(frame: CropFrame): Crop {
  const size = Math.min(1, (frame.height * frame.aspect) / frame.width);
  return around(frame, size, 0.5, 0.5);
}

/** Returns a part moved by fractions of itself. */
export function moved(frame: CropFrame, crop: Crop, byX: number, byY: number): Crop {
  const tall = cropHeight(frame, crop.size);
  const centre = [crop.x + crop.size / 2 + byX * crop.size, crop.y + tall / 2 + byY * tall] as const;
  return around(frame, crop.size, ...centre);
}

/** Returns the part with the same centre that is shown `zoom` times as large as the largest part. */
export function zoomed(frame: CropFrame, crop: Crop, zoom: number): Crop {
  const size = wholeCrop(frame).size / Math.min(Math.max(zoom, 1), LARGEST_ZOOM);
  const tall = cropHeight(frame, crop.size);
  return around(frame, size, crop.x + crop.size / 2, crop.y + tall / 2);
}

/** Returns how large a part is shown, from 1. */
export function zoomOf(frame: CropFrame, crop: Crop): number {
  return wholeCrop(frame).size / crop.size;
}
