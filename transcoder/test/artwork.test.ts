/** Pictures that people upload: cut, made small, without metadata; hostile ones are refused and disturb nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTarDecoder } from 'modern-tar';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_PICTURE_BYTES, PICTURE_ENTRY, pictureSchema } from '../src/contract.ts';
import { startService, type TestService } from './support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService('auto');
});
afterAll(() => service.stop());

function ask(picture: Uint8Array, query = ''): Promise<Response> {
  const url = `${service.transcoder.address}/artwork${query}`;
  return fetch(url, { method: 'POST', body: new Uint8Array(picture) });
}

async function make(picture: Uint8Array, query = '') {
  const response = await ask(picture, query);
  if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
  const entries: [name: string, bytes: Buffer][] = [];
  for await (const { header, body } of response.body.pipeThrough(createTarDecoder({ strict: true }))) {
    entries.push([header.name, Buffer.from(await new Response(body).arrayBuffer())]);
  }
  const [lastName, last] = entries.pop() ?? [];
  expect(lastName).toBe(PICTURE_ENTRY);
  return { objects: new Map(entries), summary: pictureSchema.parse(JSON.parse(String(last))) };
}

/** A picture of four quarters: red, green / blue, yellow. */
async function quarters(width: number, height: number): Promise<Sharp> {
  const part = (background: string) =>
    sharp({
      create: { width: Math.ceil(width / 2), height: Math.ceil(height / 2), channels: 3, background },
    })
      .png()
      .toBuffer();
  const canvas = sharp({ create: { width, height, channels: 3, background: 'white' } });
  return canvas.composite([
    { input: await part('#ff0000'), left: 0, top: 0 },
    { input: await part('#00ff00'), left: Math.floor(width / 2), top: 0 },
    { input: await part('#0000ff'), left: 0, top: Math.floor(height / 2) },
    { input: await part('#ffff00'), left: Math.floor(width / 2), top: Math.floor(height / 2) },
  ]);
}

/** The colour in the middle of a picture, or at a place in fractions, by its name. */
async function colourAt(picture: Buffer | undefined, x = 0.5, y = 0.5): Promise<string> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  const bits = [0, 1, 2].map((component) => ((data[at + component] ?? 0) > 128 ? 1 : 0)).join('');
  return { '100': 'red', '010': 'green', '001': 'blue', '110': 'yellow', '111': 'white' }[bits] ?? bits;
}

describe('a picture', () => {
  test.for(['png', 'jpeg', 'webp'] as const)(
    'of type %s becomes three squares, the largest 640',
    async (type) => {
      const { objects, summary } = await make(await (await quarters(1200, 800)).toFormat(type).toBuffer());
      expect([...objects.keys()]).toEqual(['64.webp', '300.webp', '640.webp']);
      for (const [name, bytes] of objects) {
        const { width, height, format } = await sharp(bytes).metadata();
        expect([`${width}.webp`, height, format]).toEqual([name, width, 'webp']);
      }
      expect(summary).toMatchObject({
        shape: 'square',
        placeholder: expect.stringMatching(/^data:image\/webp/),
      });
      // The middle is kept, so that all four corners are.
      const largest = objects.get('640.webp');
      expect(await colourAt(largest, 0.05, 0.05)).toBe('red');
      expect(await colourAt(largest, 0.95, 0.95)).toBe('yellow');
    },
  );

  test('becomes a banner of three to one', async () => {
    const { objects, summary } = await make(
      await (await quarters(900, 900)).png().toBuffer(),
      '?shape=banner',
    );
    expect([...objects.keys()]).toEqual(['750.webp', '1500.webp']);
    expect(await sharp(objects.get('1500.webp')).metadata()).toMatchObject({ width: 1500, height: 500 });
    expect(summary.shape).toBe('banner');
    expect(
      await sharp(Buffer.from(summary.placeholder.split(',')[1] ?? '', 'base64')).metadata(),
    ).toMatchObject({
      width: 16,
      height: 5,
    });
  });

  test('is cut where it is asked to', async () => {
    const picture = await (await quarters(1000, 800)).png().toBuffer();
    const cut = async (query: string) => colourAt((await make(picture, query)).objects.get('300.webp'));
    expect(await cut('?x=0&y=0&size=0.4')).toBe('red');
    expect(await cut('?x=0.55&y=0&size=0.4')).toBe('green');
    expect(await cut('?x=0.05&y=0.55&size=0.3')).toBe('blue');
    // What reaches over the edge is moved inside.
    expect(await cut('?x=1&y=1&size=0.4')).toBe('yellow');
  });

  test('is turned upright before it is cut, and loses every piece of metadata', async () => {
    const upright = await (await quarters(800, 400)).png().toBuffer();
    // As a camera held on its side writes it: the pixels lie, EXIF says how to turn them, and where it was.
    const lying = await sharp(upright)
      .rotate(-90)
      .withExif({
        IFD0: { Copyright: 'Somebody', ImageDescription: 'at home' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(lying.includes('Somebody')).toBe(true);
    const { objects } = await make(lying, '?x=0.5&y=0&size=0.25');
    expect(await colourAt(objects.get('640.webp'))).toBe('green');
    for (const bytes of objects.values()) {
      const { exif, xmp, icc, iptc, orientation } = await sharp(bytes).metadata();
      expect([exif, xmp, icc, iptc, orientation]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(bytes.includes('Somebody')).toBe(false);
    }
  });

  test('with transparent parts stands on white', async () => {
    const glass = sharp({
      create: { width: 200, height: 200, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    const { objects } = await make(await glass.png().toBuffer());
    expect(await colourAt(objects.get('640.webp'))).toBe('white');
  });
});

describe('what is no picture', () => {
  const bomb = async (): Promise<Buffer> => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    return png;
  };
  test.for<[string, (spy: string) => Buffer | Promise<Buffer>]>([
    ['nothing', () => Buffer.alloc(0)],
    ['noise', () => Buffer.from('not a picture '.repeat(2000))],
    ['half a picture', async () => (await (await quarters(800, 800)).jpeg().toBuffer()).subarray(0, 4000)],
    ['a picture that says it has 60,000 × 60,000 pixels', bomb],
    [
      'a drawing that names an address',
      (spy) =>
        Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="${spy}" width="9" height="9"/></svg>`,
        ),
    ],
    ['a TIFF', async () => (await quarters(64, 64)).tiff().toBuffer()],
    ['a PDF', () => Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF')],
  ])('%s is 422, and the next one is made', async ([, bytes]) => {
    let calls = 0;
    const spy = createServer((_request, response) => {
      calls += 1;
      response.end();
    });
    await new Promise<void>((resolve) => spy.listen(0, '127.0.0.1', () => resolve()));
    const picture = await bytes(`http://127.0.0.1:${(spy.address() as AddressInfo).port}/`);
    expect((await ask(picture)).status).toBe(422);
    expect((await make(await (await quarters(64, 64)).png().toBuffer())).objects.size).toBe(3);
    spy.close();
    expect(calls).toBe(0);
  });

  test('more than ten mebibytes are 413', async () => {
    expect((await ask(new Uint8Array(MAX_PICTURE_BYTES + 1))).status).toBe(413);
  });

  test.for(['?shape=round', '?x=0.5', '?x=0&y=0&size=0', '?x=-1&y=0&size=1', '?x=0&y=NaN&size=1'])(
    'a wish such as %s is 400',
    async (query) => {
      expect((await ask(await (await quarters(64, 64)).png().toBuffer(), query)).status).toBe(400);
    },
  );

  test('pictures leave nothing behind', async () => {
    const { transcoder, logs } = service;
    const status = async (method: string) =>
      (await fetch(`${transcoder.address}/artwork`, { method })).status;
    expect(await status('GET')).toBe(405);
    expect(await service.jobFolders()).toEqual([]);
    expect(logs.every(({ outcome }) => outcome === 'done' || outcome === 'refused')).toBe(true);
  });
});
