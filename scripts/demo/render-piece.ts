import type { Release } from './catalogue.ts';
import { COVER_PIXELS } from './covers/cover.ts';
import { encodeFlac } from './flac/flac-writer.ts';
import type { Composition } from './music/form.ts';
import { SAMPLE_RATE, type Stereo, toFrames } from './synth/audio.ts';
import { fadeEnds, master } from './synth/master.ts';
import { quantise } from './synth/pcm.ts';

/** Where a track stands in its release. */
export type TrackPlace = {
  release: Pick<Release, 'artist' | 'title' | 'genre' | 'year'>;
  title: string;
  number: number;
  total: number;
};

/** Returns the finished sound of a composition: rendered, mastered and faded at its outer ends. */
export function renderComposition(composition: Composition): Stereo {
  const mix = composition.mixer.render(toFrames(composition.lengthSeconds));
  master(mix, { targetLufs: composition.targetLufs });
  fadeEnds(mix, composition.fadeInSeconds, composition.fadeOutSeconds);
  return mix;
}

/** Returns the frames at which a composition's tracks start, followed by its end. */
export function trackBoundaries(composition: Composition): number[] {
  return [0, ...composition.cutSeconds.map(toFrames), toFrames(composition.lengthSeconds)];
}

/**
 * Returns the tagged FLAC files of a piece, in order. Tracks of a continuous piece join without a gap:
 * they are neighbouring stretches of the same samples.
 */
export function renderTracks(
  composition: Composition,
  places: readonly TrackPlace[],
  coverJpeg: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const sound = renderComposition(composition);
  const boundaries = trackBoundaries(composition);
  return places.map((place, i) => {
    const { left, right } = quantise(sound, boundaries[i] ?? 0, boundaries[i + 1] ?? sound.left.length);
    return encodeFlac(left, right, {
      sampleRate: SAMPLE_RATE,
      tags: tagsOf(place),
      picture: {
        mediaType: 'image/jpeg',
        bytes: coverJpeg,
        widthPixels: COVER_PIXELS,
        heightPixels: COVER_PIXELS,
      },
    });
  });
}

function tagsOf({ release, title, number, total }: TrackPlace): Record<string, string> {
  return {
    TITLE: title,
    ARTIST: release.artist,
    ALBUMARTIST: release.artist,
    ALBUM: release.title,
    TRACKNUMBER: String(number),
    TRACKTOTAL: String(total),
    DISCNUMBER: '1',
    DATE: String(release.year),
    GENRE: release.genre,
    COMMENT: 'Composed and played by code for the Melro demonstration catalogue',
    COPYRIGHT: 'CC0 1.0',
  };
}
