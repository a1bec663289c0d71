import type { Progress } from '@melro/transcoder/contract';
import { createTarPacker } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import {
  BEFORE_MANIFEST,
  type Entry,
  failedAnswer,
  manifestEntry,
  manifestOf,
  tarOf,
  WHOLE_ANSWER,
} from '../../../test/support/crafted-answer.ts';
import { storeObjects } from './store-objects.ts';

function bytesOf(body: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  const stream = new Response(body).body;
  if (stream === null) throw new Error('a body of bytes is a stream');
  return stream;
}

/** Stores an answer and notes what was stored and heard, in order. */
async function store(answer: ReadableStream<Uint8Array>, refuse?: string) {
  const stored: string[] = [];
  const heard: Progress[] = [];
  let playableAfter: string[] | null = null;
  const put = async (path: string) => {
    // Later writes are faster: whoever relies on the order of calls finds out.
    await new Promise((resolve) => setTimeout(resolve, path.endsWith('init.mp4') ? 8 : 1));
    if (path === refuse) throw new Error('R2 refuses');
    stored.push(path);
  };
  const listener = {
    onProgress: (progress: Progress) => void heard.push(progress),
    onPlayable: () => {
      playableAfter ??= [...stored];
    },
  };
  const outcome = await storeObjects(answer, put, listener);
  return { outcome, stored, heard, playableAfter: playableAfter ?? [] };
}

async function storing(entries: Entry[]) {
  return store(bytesOf(await tarOf(entries)));
}

describe('an answer of the transcoder', () => {
  it('is stored whole and ends with its manifest', async () => {
    const { outcome, stored, heard } = await storing(WHOLE_ANSWER);
    expect(outcome).toMatchObject({ manifest: { durationSeconds: 20 } });
    expect(stored).toHaveLength(WHOLE_ANSWER.length - 3);
    expect(heard.map(({ decodedSeconds }) => decodedSeconds)).toEqual([0, 10]);
  });

  it('has every segment in place before the playlist that names it, and the masters before anyone is told', async () => {
    const { stored, playableAfter } = await storing(WHOLE_ANSWER);
    for (const rendition of ['64', 'lossless']) {
      const playlist = stored.indexOf(`${rendition}/playlist.m3u8`);
      expect(playlist).toBeGreaterThan(stored.indexOf(`${rendition}/init.mp4`));
      expect(playlist).toBeGreaterThan(stored.indexOf(`${rendition}/0.m4s`));
    }
    expect(stored.lastIndexOf('64/playlist.m3u8')).toBeGreaterThan(stored.indexOf('64/1.m4s'));
    expect(playableAfter.at(-1)).toBe('master.m3u8');
  });

  it('that tells a fault of the file ends with it', async () => {
    const failure = { code: 'corrupt', detail: 'It is damaged.' } as const;
    expect((await storing([...BEFORE_MANIFEST.slice(0, 4), ...failedAnswer(failure)])).outcome).toEqual({
      failure,
    });
  });

  it('cut off anywhere is no outcome', async () => {
    const tar = await tarOf(WHOLE_ANSWER);
    const manifestBegins = (await tarOf(BEFORE_MANIFEST)).length - 1024;
    for (let length = 0; length < manifestBegins + 600; length += 379) {
      await expect(store(bytesOf(tar.slice(0, length))), `${length} bytes`).rejects.toThrow();
    }
  });

  it('that breaks off with an error is no outcome', async () => {
    const tar = await tarOf(WHOLE_ANSWER);
    const pieces = [tar.slice(0, 3000)];
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = pieces.shift();
        if (piece === undefined) controller.error(new Error('Network connection lost.'));
        else controller.enqueue(piece);
      },
    });
    await expect(store(broken)).rejects.toThrow();
  });

  it('without a manifest is no outcome', async () => {
    await expect(storing(BEFORE_MANIFEST)).rejects.toThrow('without a manifest');
  });

  const objects = BEFORE_MANIFEST.filter(({ name }) => name !== 'progress.json');
  it.each([
    ['names an object that did not come', [...objects, { name: '320/9.m4s', body: 'never sent' }]],
    [
      'says another size than came',
      objects.map((object) => (object.name === '64/0.m4s' ? { ...object, body: 'short' } : object)),
    ],
  ])('whose manifest %s is no outcome', async (_what, promised) => {
    await expect(storing([...BEFORE_MANIFEST, manifestEntry(manifestOf(promised))])).rejects.toThrow(/lacks/);
  });

  it.each([
    '../../originals/x',
    '/etc/passwd',
    '64/../x.m4s',
    'index.html',
    '64/0.m4s.bak',
    'lossless.flac',
    '64/100000.m4s',
    'artwork/../x.webp',
    'manifest.json/x',
  ])('with an object called %s is refused, and that object is not stored', async (name) => {
    await expect(storing([{ name, body: 'evil' }, ...WHOLE_ANSWER])).rejects.toThrow('unknown name');
  });

  it.each([
    ['progress.json', '{"stage":"dreaming"}'],
    ['progress.json', 'not json'],
    ['failure.json', '{"code":"because","detail":"x"}'],
    ['manifest.json', '{"formatVersion":2}'],
  ])('with a %s that is not as agreed (%s) is refused', async (name, body) => {
    await expect(storing([{ name, body }])).rejects.toThrow();
  });

  it('that announces an object too large for memory is refused before it comes', async () => {
    const { readable, controller } = createTarPacker();
    controller.add({ name: '64/0.m4s', size: 64 * 1024 * 1024, type: 'file' });
    await expect(store(readable as ReadableStream<Uint8Array>)).rejects.toThrow(
      '67108864 bytes as one object',
    );
  });

  it.each(['64/init.mp4', '64/1.m4s', 'waveform.json', 'artwork/64.webp'])(
    'is no outcome when R2 refuses %s',
    async (path) => {
      await expect(store(bytesOf(await tarOf(WHOLE_ANSWER)), path)).rejects.toThrow('R2 refuses');
    },
  );
});
