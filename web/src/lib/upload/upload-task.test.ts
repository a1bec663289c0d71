import { TaskQueue } from '@uppy/core/utils';
import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { FakeUploadServer } from '$lib/testing/fake-upload-server.ts';
import { UploadTask } from './upload-task.svelte.ts';

let server: FakeUploadServer;
let openGate: () => void;

function taskOf(text: string): UploadTask {
  const queues = { files: new TaskQueue({ concurrency: 3 }), parts: new TaskQueue({ concurrency: 2 }) };
  return new UploadTask(new File([text], 'song.wav'), server, queues);
}

/** Holds the parts back until `openGate`. */
function closeGate(): void {
  server.gate = new Promise((resolve) => {
    openGate = resolve;
  });
}

/** Resolves once the server knows of the upload. */
function opened(task: UploadTask): Promise<void> {
  return vi.waitFor(() => expect(task.uploadId).not.toBeNull());
}

beforeEach(() => {
  server = new FakeUploadServer();
});

it('sends every part and finishes', async () => {
  const task = taskOf('0123456789');
  await task.start();
  expect([...(server.received.get('upl_1') ?? [])].toSorted()).toEqual([1, 2, 3]);
  expect([task.state, task.sentBytes, task.trackId]).toEqual(['sent', 10, 'trk_1']);
});

it('refuses an empty file without asking the server', async () => {
  const task = taskOf('');
  await task.start();
  expect([task.state, task.canRetry, server.received.size]).toEqual(['failed', false, 0]);
});

it('stops when paused', async () => {
  closeGate();
  const task = taskOf('0123456789');
  const sending = task.start();
  await opened(task);
  task.pause();
  openGate();
  await sending;
  expect([task.state, server.received.get('upl_1')?.size]).toEqual(['paused', 0]);
});

it("shows the server's sentence, and no retry, where the file is at fault", async () => {
  server.faults.complete = new ApiError('refused', 'This does not look like a recording.', {
    status: 422,
    code: 'unsupported_format',
  });
  const task = taskOf('0123');
  await task.start();
  expect([task.state, task.problem, task.canRetry]).toEqual([
    'failed',
    'This does not look like a recording.',
    false,
  ]);
});

it('offers a retry where the connection is at fault, and it works', async () => {
  server.faults.sendPart = new ApiError('unreachable', 'Melro does not answer right now.');
  const task = taskOf('01234567');
  await task.start();
  expect([task.state, task.canRetry]).toEqual(['failed', true]);
  await task.start();
  expect(task.state).toBe('sent');
});

it('sends again what the server misses at the end', async () => {
  server.faults.complete = new ApiError('refused', 'Parts are missing.', {
    status: 409,
    code: 'upload_incomplete',
  });
  const task = taskOf('01234567');
  await task.start();
  expect(task.state).toBe('sent');
});

it('gives an upload up on the server too', async () => {
  closeGate();
  const task = taskOf('0123456789');
  const sending = task.start();
  await opened(task);
  await task.cancel();
  openGate();
  await sending;
  expect([task.state, server.cancelled]).toEqual(['cancelled', ['upl_1']]);
});
