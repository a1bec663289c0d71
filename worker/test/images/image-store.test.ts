import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { httpTranscoder } from '../../src/features/transcodes/transcoder.ts';
import { ProblemError } from '../../src/platform/errors.ts';
import { newId } from '../../src/platform/ids.ts';
import {
  type Crop,
  type ImageDeps,
  type ImageKind,
  type MakePictures,
  replaceImage,
} from '../../src/platform/image-store.ts';
import { presentBanner, presentImage, type StoredImage } from '../../src/platform/images.ts';
import { imagesPrefix } from '../../src/platform/r2-keys.ts';
import { api } from '../support/api.ts';
import { BLUE, pngOf, RED, sizeOfWebp } from '../support/pictures.ts';
import { expectProblem } from '../support/refusals.ts';

const deps: ImageDeps = {
  media: env.MEDIA,
  makePictures: httpTranscoder(env.TRANSCODER_URL).makePictures,
};

/** An owner's row, as a feature keeps it. */
class Owner {
  readonly id = newId('art');
  image: StoredImage | null = null;

  give(body: BodyInit, kind: ImageKind = 'avatar', crop: Crop | null = null, using = deps) {
    const request = new Request('http://melro.test/', { method: 'PUT', body });
    return replaceImage(using, { kind, ownerId: this.id, crop }, request, async (image) => {
      const replaced = this.image;
      this.image = image;
      return replaced;
    });
  }

  async keys(): Promise<string[]> {
    const { objects } = await env.MEDIA.list({ prefix: imagesPrefix(this.id) });
    return objects.map(({ key }) => key.slice(imagesPrefix(this.id).length));
  }
}

const picture = await pngOf(400, 300, [RED, BLUE]);

async function problemOf(attempt: Promise<unknown>): Promise<Record<string, string>> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return { code: error.code, ...error.headers };
  throw new Error(`no problem but ${String(error)}`);
}

async function shown(url: string) {
  const answer = await api(url);
  expect(answer.headers.get('content-type')).toBe('image/webp');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, s-maxage=3600, immutable');
  return sizeOfWebp(new Uint8Array(await answer.arrayBuffer()));
}

describe('a picture that is given to somebody', () => {
  it('is shown in every size, and the one before is gone', async () => {
    const owner = new Owner();
    const first = await owner.give(picture);
    const second = await owner.give(picture);
    expect(second.imageId).not.toBe(first.imageId);
    expect(await owner.keys()).toEqual([300, 64, 640].map((size) => `${second.imageId}/${size}.webp`));
    const { url64, url300, url640, placeholder } = presentImage(second);
    expect(await Promise.all([url64, url300, url640].map(shown))).toEqual([
      [64, 64],
      [300, 300],
      [640, 640],
    ]);
    expect(placeholder).toMatch(/^data:image\/webp;base64,/);
    await expectProblem(await api(presentImage(first).url64), 404, 'not_found');
    await expectProblem(await api(url64.replace(/64$/, '1500')), 404, 'not_found');
    await expectProblem(await api(url64.replace(/64$/, '65')), 400, 'validation_failed');
  });

  it('is three times as wide as high where it is a banner', async () => {
    const { url750, url1500 } = presentBanner(await new Owner().give(picture, 'banner'));
    expect([await shown(url750), await shown(url1500)]).toEqual([
      [750, 250],
      [1500, 500],
    ]);
  });

  it('is cut where they want it', async () => {
    const owner = new Owner();
    const left = await owner.give(picture, 'avatar', { x: 0, y: 0.2, size: 0.4 });
    const right = await owner.give(picture, 'avatar', { x: 0.55, y: 0.2, size: 0.4 });
    const channels = (colour: string) =>
      [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) > 128);
    expect(channels(left.colours[0])).toEqual([true, false, false]);
    expect(channels(right.colours[0])).toEqual([false, false, true]);
  });

  it('leaves nothing behind where its owner has gone in the meantime', async () => {
    const owner = new Owner();
    const request = new Request('http://melro.test/', { method: 'PUT', body: picture });
    const target = { kind: 'avatar', ownerId: owner.id, crop: null } as const;
    const given = replaceImage(deps, target, request, async () => {
      throw new ProblemError('not_found', 'They are gone.');
    });
    expect(await problemOf(given)).toMatchObject({ code: 'not_found' });
    expect(await owner.keys()).toEqual([]);
  });
});

describe('what cannot be a picture', () => {
  it('is refused by its first bytes before anybody decodes it', async () => {
    const neverAsked: MakePictures = () => Promise.reject(new Error('asked'));
    for (const body of [
      '',
      'GIF89a',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'RIFF....WAVE',
      '\xff\xd8',
    ]) {
      const given = new Owner().give(body, 'avatar', null, { ...deps, makePictures: neverAsked });
      expect(await problemOf(given), body).toMatchObject({ code: 'unsupported_picture' });
    }
  });

  it('is refused where only its first bytes are right', async () => {
    const owner = new Owner();
    expect(await problemOf(owner.give(picture.slice(0, 60)))).toMatchObject({ code: 'unsupported_picture' });
    expect(await owner.keys()).toEqual([]);
  });

  it('is refused where it is larger than its kind may be, whether it says so or not', async () => {
    const large = new Uint8Array(5 * 1024 ** 2 + 1);
    large.set(picture);
    for (const body of [large, new Blob([large]).stream()]) {
      expect(await problemOf(new Owner().give(body))).toMatchObject({ code: 'file_too_large' });
    }
  });
});

describe('a transcoder that does not do well', () => {
  const answers: Record<string, MakePictures> = {
    'is away': () => Promise.reject(new Error('Network connection lost')),
    'is busy': async () => new Response(null, { status: 503, headers: { 'retry-after': '9' } }),
    breaks: async () => new Response(null, { status: 500 }),
    'answers nothing': async () => new Response(new Uint8Array(1024)),
    'answers another shape': (given, wish, signal) =>
      deps.makePictures(given, { ...wish, shape: 'banner' }, signal),
    'is cut off': async (...question) =>
      new Response((await (await deps.makePictures(...question)).arrayBuffer()).slice(0, 2000)),
  };
  for (const [name, makePictures] of Object.entries(answers)) {
    it(`that ${name} is told as unavailable, and nothing is stored`, async () => {
      const owner = new Owner();
      const given = owner.give(picture, 'avatar', null, { ...deps, makePictures });
      expect(await problemOf(given)).toMatchObject({
        code: 'unavailable',
        'retry-after': name === 'is busy' ? '9' : '5',
      });
      expect([await owner.keys(), owner.image]).toEqual([[], null]);
    });
  }
});
