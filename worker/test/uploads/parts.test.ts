import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { PART_SIZE_BYTES } from '../../src/features/uploads/policy.ts';
import { type Problem, read } from '../support/api.ts';
import { anyRecording, sha256Hex } from '../support/audio.ts';
import { install } from '../support/installation.ts';
import { rowsOf } from '../support/state.ts';
import { completeUpload, openUpload, sendPart } from '../support/uploading.ts';

interface UploadAnswer {
  state: string;
  receivedParts: number[];
  partCount: number;
  fileName: string;
}

const { api } = await install();
const path = (uploadId: string) => `/api/v1/uploads/${uploadId}`;

async function originalOf({
  trackId,
  uploadId,
}: {
  trackId: string;
  uploadId: string;
}): Promise<ArrayBuffer> {
  const object = await env.MEDIA.get(`originals/${trackId}/${uploadId}`);
  if (object === null) throw new Error('there is no original');
  return object.arrayBuffer();
}

describe('opening an upload', () => {
  it('answers what to send and makes a track that only its owner sees', async () => {
    const upload = await openUpload(api, 'alice', anyRecording(), { sizeBytes: PART_SIZE_BYTES * 2 + 1 });
    expect(upload).toMatchObject({ partSizeBytes: PART_SIZE_BYTES, partCount: 3 });
    expect(Date.parse(upload.expiresAt)).toBeGreaterThan(Date.now() + 6 * 24 * 3600_000);
    const mine = await read<{ state: string; title: string }>(
      await api(`/api/v1/tracks/${upload.trackId}`, { as: 'alice' }),
    );
    expect(mine).toMatchObject({ state: 'uploading', title: 'First light' });
    expect((await api(`/api/v1/tracks/${upload.trackId}`, { as: 'bob' })).status).toBe(404);
  });

  it.each([
    ['an empty file', { fileName: 'a.flac', sizeBytes: 0 }, 'sizeBytes'],
    ['more than 2 GiB', { fileName: 'a.flac', sizeBytes: 2 * 1024 ** 3 + 1 }, 'sizeBytes'],
    ['a size that is no whole number', { fileName: 'a.flac', sizeBytes: 1.5 }, 'sizeBytes'],
    ['no name', { fileName: '', sizeBytes: 1 }, 'fileName'],
    ['a name with a line break', { fileName: 'a\nb.flac', sizeBytes: 1 }, 'fileName'],
    ['a name of 256 characters', { fileName: 'a'.repeat(256), sizeBytes: 1 }, 'fileName'],
    ['a checksum that is none', { fileName: 'a.flac', sizeBytes: 1, sha256: 'abc' }, 'sha256'],
  ])('refuses %s and names the field', async (_what, json, field) => {
    const problem = await read<Problem>(await api('/api/v1/uploads', { as: 'alice', json }));
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(problem.issues?.map((issue) => issue.path)).toContain(field);
  });
});

describe('parts', () => {
  it('make the file they were cut from, sent in parallel, out of order and twice', async () => {
    const bytes = anyRecording(PART_SIZE_BYTES * 2 + 12_345);
    const upload = await openUpload(api, 'alice', bytes, { sha256: await sha256Hex(bytes) });
    const sent = await Promise.all(
      [3, 1, 2, 3].map((number) => sendPart(api, 'alice', upload, number, bytes)),
    );
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const again = await sendPart(api, 'alice', upload, 1, bytes);
    const { etag } = await read<{ etag: string }>(again);
    expect(again.headers.get('etag')).toBe(`"${etag}"`);
    const state = await read<UploadAnswer>(await api(path(upload.uploadId), { as: 'alice' }));
    expect(state).toMatchObject({ state: 'receiving', receivedParts: [1, 2, 3], partCount: 3 });
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
    expect(await sha256Hex(await originalOf(upload))).toBe(await sha256Hex(bytes));
  });

  it('count as they were last sent', async () => {
    const [wrong, right] = [anyRecording(), anyRecording()];
    const upload = await openUpload(api, 'alice', right);
    await sendPart(api, 'alice', upload, 1, wrong);
    await sendPart(api, 'alice', upload, 1, right);
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
    expect(new Uint8Array(await originalOf(upload))).toEqual(right);
  });

  it('are refused with the size that is expected when they have another', async () => {
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes);
    for (const wrong of [bytes.slice(1), anyRecording(bytes.length + 1)]) {
      const problem = await read<Problem & { expectedBytes: number }>(
        await sendPart(api, 'alice', { ...upload, partSizeBytes: wrong.length }, 1, wrong),
      );
      expect(problem).toMatchObject({ status: 422, code: 'part_size_mismatch', expectedBytes: bytes.length });
    }
    expect(await rowsOf('SELECT 1 FROM upload_parts WHERE upload_id = ?', upload.uploadId)).toEqual([]);
  });

  it('are refused without a length, beyond the last number and at number 0', async () => {
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes);
    const put = (number: number, headers: Record<string, string>) =>
      api(`${path(upload.uploadId)}/parts/${number}`, { method: 'PUT', as: 'alice', body: bytes, headers });
    expect(await read<Problem>(await put(1, {}))).toMatchObject({ status: 411, code: 'length_required' });
    const length = { 'content-length': String(bytes.length) };
    expect(await read<Problem>(await put(2, length))).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
    expect(await read<Problem>(await put(0, length))).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
  });

  it('are refused once the upload is completed, also in the moment before it is noted', async () => {
    const bytes = anyRecording();
    const upload = await openUpload(api, 'alice', bytes);
    await sendPart(api, 'alice', upload, 1, bytes);
    const [row] = await rowsOf<{ r2_upload_id: string }>(
      'SELECT r2_upload_id FROM uploads WHERE id = ?',
      upload.uploadId,
    );
    const [part] = await rowsOf<{ etag: string }>(
      'SELECT etag FROM upload_parts WHERE upload_id = ?',
      upload.uploadId,
    );
    // As when a first call to complete got no further than this.
    await env.MEDIA.resumeMultipartUpload(
      `originals/${upload.trackId}/${upload.uploadId}`,
      row?.r2_upload_id ?? '',
    ).complete([{ partNumber: 1, etag: part?.etag ?? '' }]);
    expect(await read<Problem>(await sendPart(api, 'alice', upload, 1, bytes))).toMatchObject({
      status: 409,
      code: 'upload_closed',
    });
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
    expect(await read<Problem>(await sendPart(api, 'alice', upload, 1, bytes))).toMatchObject({
      status: 409,
      code: 'upload_closed',
    });
    expect(new Uint8Array(await originalOf(upload)), 'the original is as it was').toEqual(bytes);
  });

  it('that are missing are named when the upload is completed too early', async () => {
    const bytes = anyRecording(PART_SIZE_BYTES + 1);
    const upload = await openUpload(api, 'alice', bytes);
    await sendPart(api, 'alice', upload, 2, bytes);
    const problem = await read<Problem>(await completeUpload(api, 'alice', upload));
    expect(problem).toMatchObject({ status: 409, code: 'upload_incomplete', missingParts: [1] });
    await sendPart(api, 'alice', upload, 1, bytes);
    expect((await completeUpload(api, 'alice', upload)).status).toBe(202);
  });
});

describe('the list of uploads', () => {
  it('shows each owner their own, newest first, page by page', async () => {
    const opened: string[] = [];
    for (let i = 0; i < 3; i++) opened.unshift((await openUpload(api, 'bob', anyRecording())).uploadId);
    const seen: string[] = [];
    let query = '?limit=2';
    while (seen.length < 3) {
      const page = await read<{ items: { uploadId: string }[]; nextCursor: string | null }>(
        await api(`/api/v1/uploads${query}`, { as: 'bob' }),
      );
      seen.push(...page.items.map(({ uploadId }) => uploadId));
      query = `?limit=2&cursor=${page.nextCursor}`;
    }
    expect(seen.slice(0, 3)).toEqual(opened);
    const alices = await read<{ items: { uploadId: string }[] }>(
      await api('/api/v1/uploads?limit=100', { as: 'alice' }),
    );
    expect(alices.items.map(({ uploadId }) => uploadId)).not.toEqual(expect.arrayContaining(opened));
  });

  it('finds an upload by the checksum that was promised, in either case', async () => {
    const bytes = anyRecording();
    const sha256 = await sha256Hex(bytes);
    const { uploadId } = await openUpload(api, 'bob', bytes, { sha256: sha256.toUpperCase() });
    const found = await read<{ items: { uploadId: string }[] }>(
      await api(`/api/v1/uploads?sha256=${sha256}`, { as: 'bob' }),
    );
    expect(found.items.map((item) => item.uploadId)).toEqual([uploadId]);
    const others = await read<{ items: unknown[] }>(
      await api(`/api/v1/uploads?sha256=${sha256}`, { as: 'alice' }),
    );
    expect(others.items).toEqual([]);
  });
});
