import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/platform/env.ts';
import { originalKey } from '../../src/platform/r2-keys.ts';
import { apiWith, type Problem, read } from '../support/api.ts';
import { anyRecording, sha256Hex } from '../support/audio.ts';
import { install } from '../support/installation.ts';
import { rowsOf, trackState } from '../support/state.ts';
import {
  type Completed,
  completeUpload,
  type OpenedUpload,
  openUpload,
  sendPart,
} from '../support/uploading.ts';

async function sent(bytes = anyRecording(), promise: Parameters<typeof openUpload>[3] = {}) {
  const melro = await install();
  const upload = await openUpload(melro.api, 'alice', bytes, promise);
  await sendPart(melro.api, 'alice', upload, 1, bytes);
  return { ...melro, upload, bytes, key: originalKey(upload.trackId, upload.uploadId) };
}

const cancel = (melro: { api: Awaited<ReturnType<typeof install>>['api'] }, { uploadId }: OpenedUpload) =>
  melro.api(`/api/v1/uploads/${uploadId}`, { method: 'DELETE', as: 'alice' });

/** Returns bindings in which somebody else gets to act between what was read and what is to be written. */
function overtakenBy(bindings: Env, overtake: () => Promise<unknown>): Env {
  let isFirst = true;
  const DB = {
    prepare: (sql: string) => bindings.DB.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      if (isFirst) {
        isFirst = false;
        await overtake();
      }
      return bindings.DB.batch(statements);
    },
  } as unknown as D1Database;
  return { ...bindings, DB };
}

describe('completing', () => {
  it('answers the same however often it is asked, one after another and at once, and queues one transcode', async () => {
    const { api, upload, queue } = await sent();
    const answers = await Promise.all(Array.from({ length: 6 }, () => completeUpload(api, 'alice', upload)));
    answers.push(await completeUpload(api, 'alice', upload));
    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(202));
    const bodies = await Promise.all(answers.map((answer) => read<Completed>(answer)));
    const [first] = bodies;
    expect(bodies).toEqual(Array(7).fill(first));
    expect(queue.sent).toEqual([first?.transcodeId]);
    expect(await rowsOf('SELECT id FROM transcodes WHERE track_id = ?', upload.trackId)).toEqual([
      { id: first?.transcodeId },
    ]);
    expect(await trackState(upload.trackId)).toMatchObject({ state: 'queued' });
  });

  it('goes on where an earlier call was cut off after the parts were put together', async () => {
    const { api, bindings, upload } = await sent();
    const noDatabaseWrites = {
      ...bindings,
      DB: {
        prepare: env.DB.prepare.bind(env.DB),
        batch: async () => Promise.reject(new Error('cut off')),
      } as never,
    };
    expect((await completeUpload(apiWith(noDatabaseWrites), 'alice', upload)).status).toBe(500);
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
  });

  it('refuses for good a file whose checksum is not the promised one, and keeps nothing of it', async () => {
    const { api, upload, key, queue } = await sent(anyRecording(), {
      sha256: await sha256Hex(anyRecording()),
    });
    for (let i = 0; i < 2; i++) {
      const problem = await read<Problem>(await completeUpload(api, 'alice', upload));
      expect(problem).toMatchObject({ status: 422, code: 'checksum_mismatch' });
    }
    expect(await env.MEDIA.head(key)).toBeNull();
    expect(queue.sent).toEqual([]);
    const track = await read<{ state: string; failure: { code: string } }>(
      await api(`/api/v1/tracks/${upload.trackId}`, { as: 'alice' }),
    );
    expect(track).toMatchObject({ state: 'failed', failure: { code: 'checksum_mismatch' } });
  });

  it('refuses a file that does not begin like a recording, whatever it is called', async () => {
    const page = Uint8Array.from(new TextEncoder().encode('<!doctype html>'.padEnd(200)));
    const { api, upload } = await sent(page, { fileName: 'song.flac' });
    const problem = await read<Problem>(await completeUpload(api, 'alice', upload));
    expect(problem).toMatchObject({ status: 422, code: 'unsupported_format' });
  });

  it('gives calls that come at once the same refusal', async () => {
    const { api, upload } = await sent(new Uint8Array(200));
    const answers = await Promise.all(Array.from({ length: 4 }, () => completeUpload(api, 'alice', upload)));
    const problems = await Promise.all(answers.map((answer) => read<Problem>(answer)));
    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('unsupported_format'));
  });

  it('refuses an original of another size than promised', async () => {
    const { api, upload, key, bytes } = await sent();
    await env.MEDIA.put(key, bytes.slice(1));
    expect(await read<Problem>(await completeUpload(api, 'alice', upload))).toMatchObject({
      status: 422,
      code: 'size_mismatch',
    });
  });

  it('never takes a completed original away because another call found fault with it', async () => {
    const { api, bindings, upload, key, bytes } = await sent();
    // A call that reads rubbish from a bucket in trouble, and is overtaken by one that reads what is there.
    let overtake: () => Promise<unknown> = async () => undefined;
    const troubled = {
      ...bindings,
      MEDIA: new Proxy(env.MEDIA, {
        get: (bucket, name) => {
          if (name !== 'get')
            return typeof bucket[name as never] === 'function'
              ? (bucket[name as never] as CallableFunction).bind(bucket)
              : undefined;
          return async () => {
            await overtake();
            return { size: bytes.length, arrayBuffer: async () => new ArrayBuffer(64) };
          };
        },
      }),
    };
    overtake = () => completeUpload(api, 'alice', upload);
    await completeUpload(apiWith(troubled), 'alice', upload);
    expect(new Uint8Array((await (await env.MEDIA.get(key))?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
      bytes,
    );
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
  });
});

describe('cancelling', () => {
  it('forgets the upload, its parts and its track', async () => {
    const { api, upload } = await sent();
    expect((await cancel({ api }, upload)).status).toBe(204);
    expect((await cancel({ api }, upload)).status).toBe(404);
    expect((await api(`/api/v1/tracks/${upload.trackId}`, { as: 'alice' })).status).toBe(404);
    expect(await rowsOf('SELECT 1 FROM upload_parts WHERE upload_id = ?', upload.uploadId)).toEqual([]);
    expect((await sendPart(api, 'alice', upload, 1, anyRecording())).status).toBe(404);
    expect((await completeUpload(api, 'alice', upload)).status).toBe(404);
  });

  it('is refused once the upload is completed', async () => {
    const { api, upload, key } = await sent();
    await completeUpload(api, 'alice', upload);
    expect(await read<Problem>(await cancel({ api }, upload))).toMatchObject({
      status: 409,
      code: 'upload_closed',
    });
    expect(await env.MEDIA.head(key)).not.toBeNull();
  });

  it('answers twice at once without complaint', async () => {
    const { api, upload } = await sent();
    const answers = await Promise.all([cancel({ api }, upload), cancel({ api }, upload)]);
    for (const { status } of answers) expect([204, 404]).toContain(status);
  });

  it('that is overtaken by completing takes nothing away', async () => {
    const { api, bindings, upload, key, bytes } = await sent();
    const overtaken = overtakenBy(bindings, () => completeUpload(api, 'alice', upload));
    const answer = await cancel({ api: apiWith(overtaken) }, upload);
    expect(await read<Problem>(answer)).toMatchObject({ status: 409, code: 'upload_closed' });
    expect(new Uint8Array((await (await env.MEDIA.get(key))?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(
      bytes,
    );
    expect(await trackState(upload.trackId)).toMatchObject({ state: 'queued' });
  });

  it('that overtakes completing at its last step leaves nothing, no transcode and no message', async () => {
    const { api, bindings, upload, key, queue } = await sent();
    const overtaken = overtakenBy(bindings, () => cancel({ api }, upload));
    expect((await completeUpload(apiWith(overtaken), 'alice', upload)).status).toBe(404);
    expect(await env.MEDIA.head(key)).toBeNull();
    expect(await rowsOf('SELECT 1 FROM transcodes WHERE track_id = ?', upload.trackId)).toEqual([]);
    expect(await trackState(upload.trackId)).toBeUndefined();
    expect(queue.sent).toEqual([]);
  });

  it('and completing at once end as one or the other: all of it is there or nothing is', async () => {
    for (let i = 0; i < 12; i++) {
      const { api, upload, key, bytes, queue } = await sent();
      const calls = [() => completeUpload(api, 'alice', upload), () => cancel({ api }, upload)];
      const [first, second] = await Promise.all(
        (i % 2 === 0 ? calls : calls.toReversed()).map((call) => call()),
      );
      const [completed, cancelled] = i % 2 === 0 ? [first, second] : [second, first];
      const original = await env.MEDIA.get(key);
      if (completed?.status === 202) {
        expect(cancelled?.status).toBe(409);
        expect(new Uint8Array((await original?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(bytes);
        expect(await trackState(upload.trackId)).toMatchObject({ state: 'queued' });
        expect(queue.sent).toHaveLength(1);
      } else {
        expect(cancelled?.status).toBe(204);
        expect(await completed?.json()).toMatchObject({
          code: 'not_found',
        });
        expect(original).toBeNull();
        expect(await trackState(upload.trackId)).toBeUndefined();
        expect(await rowsOf('SELECT 1 FROM transcodes WHERE track_id = ?', upload.trackId)).toEqual([]);
        expect(queue.sent).toEqual([]);
      }
    }
  });
});
