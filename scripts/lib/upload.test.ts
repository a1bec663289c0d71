import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiClient } from './api-client.ts';
import { findEarlier } from './earlier-upload.ts';
import { FakeMelro } from './fake-melro.ts';
import { connect } from './target.ts';
import { plainFileName, type UploadSource, uploadFile } from './upload-file.ts';

const retry = { attempts: 4, firstWaitSeconds: 0.01, longestWaitSeconds: 0.05 };
let melro: FakeMelro;
let client: ApiClient;

beforeEach(async () => {
  melro = new FakeMelro(1000);
  client = new ApiClient({ baseUrl: await melro.start(), retry });
});

afterEach(() => melro.stop());

function source(bytes: Buffer): UploadSource & { sha256: string } {
  return {
    fileName: 'song.flac',
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    read: async (start, end) => new Uint8Array(bytes.subarray(start, end)),
  };
}

test('a file arrives whole, in parts', async () => {
  const song = source(randomBytes(3456));
  const result = await uploadFile(client, song, { sha256: song.sha256 });
  expect(result.resumed).toBe(false);
  expect(melro.count('PUT')).toBe(4);
  expect(melro.tracks.get(result.trackId)?.state).toBe('ready');
});

test('an interrupted upload continues with the missing parts only', async () => {
  const song = source(randomBytes(5500));
  melro.sabotage = (request) => (/parts\/[45]$/.test(request) ? { status: 403 } : undefined);
  await expect(uploadFile(client, song, { sha256: song.sha256 })).rejects.toMatchObject({ status: 403 });
  melro.sabotage = () => undefined;
  const earlier = await findEarlier(client, song);
  if (earlier.kind !== 'unfinished') throw new Error(`expected an unfinished upload, not ${earlier.kind}`);
  expect(earlier.upload.receivedParts).toEqual([1, 2, 3]);
  melro.requests.length = 0;
  const result = await uploadFile(client, song, { sha256: song.sha256, unfinished: earlier.upload });
  expect(result.resumed).toBe(true);
  expect(melro.requests.map((request) => request.split('/').at(-1))).toEqual(['4', '5', '6', 'complete']);
});

test('what is there already is found; expired and refused uploads are not', async () => {
  const song = source(randomBytes(10));
  expect(await findEarlier(client, song)).toEqual({ kind: 'nothing' });
  const { trackId } = await uploadFile(client, song, { sha256: song.sha256 });
  expect(await findEarlier(client, song)).toMatchObject({ kind: 'present', track: { trackId } });
  melro.tracks.delete(trackId);
  expect(await findEarlier(client, song)).toEqual({ kind: 'nothing' });
  await client.createUpload({ fileName: 'a.mp3', sizeBytes: 10, sha256: song.sha256 });
  expect((await findEarlier(client, song)).kind).toBe('unfinished');
  expect(await findEarlier(client, song, Date.now() + 86_400_000)).toEqual({ kind: 'nothing' });
});

test('passing trouble is waited out, as long as the server asks', async () => {
  const song = source(randomBytes(1500));
  let refusals = 3;
  melro.sabotage = (request) => {
    if (!request.startsWith('PUT') || refusals-- <= 0) return undefined;
    return refusals === 2 ? { status: 429, retryAfterSeconds: 1 } : { status: 503 };
  };
  const started = performance.now();
  await uploadFile(client, song, { sha256: song.sha256 });
  expect(performance.now() - started).toBeGreaterThan(990);
  expect(melro.count('PUT')).toBe(5);
});

test('a refusal is not repeated and keeps its code and sentence', async () => {
  const song = source(randomBytes(100));
  const wrong = { ...song, sha256: '0'.repeat(64) };
  await expect(uploadFile(client, wrong, { sha256: wrong.sha256 })).rejects.toMatchObject({
    code: 'checksum_mismatch',
    status: 422,
    message: 'The file arrived changed',
    requestId: 'req_1',
  });
  expect(melro.count('POST')).toBe(2);
});

test('nobody there: one sentence with the way out', async () => {
  await melro.stop();
  await expect(connect(client.baseUrl, undefined)).rejects.toThrow(/npm start/);
  await melro.start();
});

test('a missing or wrong token is told before anything is sent', async () => {
  melro.sabotage = () => ({ status: 401 });
  await expect(connect(client.baseUrl, undefined)).rejects.toThrow(/--token/);
  await expect(connect(client.baseUrl, 'old')).rejects.toThrow(/does not accept/);
});

test('file names are made acceptable', () => {
  expect(plainFileName('a\nb.mp3')).toBe('a_b.mp3');
  const long = plainFileName(`${'x'.repeat(300)}.flac`);
  expect(long).toHaveLength(255);
  expect(long.endsWith('.flac')).toBe(true);
});
