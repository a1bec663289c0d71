import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { UPLOAD_LIFETIME_MS } from '../../src/features/uploads/policy.ts';
import { originalKey } from '../../src/platform/r2-keys.ts';
import { apiWith, type Problem, read } from '../support/api.ts';
import { anyRecording, sha256Hex } from '../support/audio.ts';
import { type Fault, FaultyWorld } from '../support/failing-bindings.ts';
import { install, sweepIn } from '../support/installation.ts';
import { expectPublishedOnce, keysUnder, rowsOf } from '../support/state.ts';
import { completeUpload, openUpload, sendPart } from '../support/uploading.ts';

const LIFETIME_MINUTES = UPLOAD_LIFETIME_MS / 60_000;

async function nothingIsLeftOf(upload: { uploadId: string; trackId: string }): Promise<void> {
  expect(await rowsOf('SELECT state FROM uploads WHERE id = ?', upload.uploadId)).toEqual([]);
  expect(await rowsOf('SELECT 1 FROM upload_parts WHERE upload_id = ?', upload.uploadId)).toEqual([]);
  expect(await rowsOf('SELECT state FROM tracks WHERE id = ?', upload.trackId)).toEqual([]);
  expect(await keysUnder(`originals/${upload.trackId}/`)).toEqual([]);
}

describe('the sweep of uploads', () => {
  it('removes an upload that was not completed in time, not a minute earlier', async () => {
    const { api, sweepAfter } = await install();
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes);
    await sendPart(api, 'alice', upload, 1, bytes);
    await sweepAfter(LIFETIME_MINUTES - 1);
    expect((await api(`/api/v1/uploads/${upload.uploadId}`, { as: 'alice' })).status).toBe(200);
    await sweepAfter(LIFETIME_MINUTES + 1);
    await nothingIsLeftOf(upload);
  });

  it('refuses parts of an expired upload even before it is swept', async () => {
    const { api } = await install();
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes);
    await env.DB.prepare('UPDATE uploads SET expires_at_ms = 1 WHERE id = ?').bind(upload.uploadId).run();
    expect(await read<Problem>(await sendPart(api, 'alice', upload, 1, bytes))).toMatchObject({
      status: 410,
      code: 'upload_expired',
    });
  });

  it('never removes a completed original, however old and however often it comes at once', async () => {
    const { api, upload, queue, bindings, recover } = await install();
    const recording = await upload();
    const years = 10 * 365 * 24 * 60;
    await Promise.all(Array.from({ length: 3 }, () => sweepIn(bindings, years)));
    await queue.drain(bindings);
    await recover();
    await expectPublishedOnce(recording);
    expect((await api(`/api/v1/uploads/${recording.uploadId}`, { as: 'alice' })).status).toBe(200);
  });

  it('removes what a refused upload left, when its time is over', async () => {
    const { api, sweepAfter } = await install();
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes, { sha256: await sha256Hex(anyRecording()) });
    await sendPart(api, 'alice', upload, 1, bytes);
    expect((await completeUpload(api, 'alice', upload)).status).toBe(422);
    await sweepAfter(LIFETIME_MINUTES + 1);
    await nothingIsLeftOf(upload);
  });

  it('run twice at once does what one would', async () => {
    const { api, bindings } = await install();
    const upload = await openUpload(api, 'alice', anyRecording());
    await Promise.all([sweepIn(bindings, LIFETIME_MINUTES + 1), sweepIn(bindings, LIFETIME_MINUTES + 1)]);
    await nothingIsLeftOf(upload);
  });
});

type Step = 'complete' | 'cancel' | 'cancel once put together' | 'reject';

/** Puts the parts together and goes no further, as a call to complete that was cut off. */
async function putTogether({ uploadId, trackId }: { uploadId: string; trackId: string }): Promise<void> {
  const [row] = await rowsOf<{ r2_upload_id: string }>(
    'SELECT r2_upload_id FROM uploads WHERE id = ?',
    uploadId,
  );
  const [part] = await rowsOf<{ etag: string }>(
    'SELECT etag FROM upload_parts WHERE upload_id = ?',
    uploadId,
  );
  const multipart = env.MEDIA.resumeMultipartUpload(originalKey(trackId, uploadId), row?.r2_upload_id ?? '');
  await multipart.complete([{ partNumber: 1, etag: part?.etag ?? '' }]);
}

/** Ends one upload in a world that breaks; returns what broke, null when nothing did. */
async function endIn(fault: Fault, step: Step): Promise<string | null> {
  const { api, bindings, queue, recover } = await install();
  const bytes = anyRecording();
  const sha256 = await sha256Hex(bytes);
  const upload = await openUpload(api, 'alice', bytes, {
    sha256: step === 'reject' ? await sha256Hex(anyRecording()) : sha256,
  });
  await sendPart(api, 'alice', upload, 1, bytes);
  if (step === 'cancel once put together') await putTogether(upload);
  const world = new FaultyWorld(fault);
  const broken = apiWith(world.around(bindings));
  const path = `/api/v1/uploads/${upload.uploadId}`;
  await (step.startsWith('cancel')
    ? broken(path, { method: 'DELETE', as: 'alice' })
    : completeUpload(broken, 'alice', upload));
  if (step === 'complete') {
    const answer = await read<{ transcodeId: string }>(await completeUpload(api, 'alice', upload));
    await queue.drain(bindings);
    await recover();
    await expectPublishedOnce({ ...upload, ...answer, sha256 });
  } else {
    // Whether it was cancelled or not, and however far: once its time is over nothing of it is left.
    await sweepIn(bindings, LIFETIME_MINUTES + 1);
    await nothingIsLeftOf(upload);
    expect(await env.MEDIA.head(originalKey(upload.trackId, upload.uploadId))).toBeNull();
  }
  return world.broken;
}

describe.each(['complete', 'cancel', 'cancel once put together', 'reject'] as const)(
  'an upload that breaks while it is to %s',
  (step) => {
    it.each(['dies before', 'dies after', 'refuses', 'loses answer'] as const)(
      'and %s at any write is complete or gone in the end',
      async (kind) => {
        const broken: string[] = [];
        for (let at = 1, target: string | null = ''; target !== null; at++) {
          target = await endIn({ at, kind }, step);
          if (target !== null) broken.push(target);
        }
        expect(new Set(broken)).toEqual(
          new Set(
            {
              complete: ['r2.complete', 'db.batch', 'queue.send'],
              cancel: ['db.batch', 'r2.abort', 'r2.delete'],
              'cancel once put together': ['db.batch', 'r2.abort', 'r2.delete'],
              reject: ['r2.complete', 'db.batch', 'r2.delete'],
            }[step],
          ),
        );
      },
      30_000,
    );
  },
);

describe('opening an upload that breaks at any write', () => {
  it('shows either all of it or nothing', async () => {
    for (const at of [1, 2]) {
      const { bindings, api } = await install();
      const fileName = `${crypto.randomUUID()}.flac`;
      const broken = apiWith(new FaultyWorld({ at, kind: 'dies before' }).around(bindings));
      const answer = await broken('/api/v1/uploads', { as: 'alice', json: { fileName, sizeBytes: 100 } });
      expect(answer.status).toBe(500);
      const listed = await read<{ items: { fileName: string }[] }>(
        await api('/api/v1/uploads?limit=100', { as: 'alice' }),
      );
      expect(listed.items.map((item) => item.fileName)).not.toContain(fileName);
      expect(await rowsOf('SELECT 1 FROM tracks WHERE file_name = ?', fileName)).toEqual([]);
    }
  });
});
