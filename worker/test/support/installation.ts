import { createScheduledController } from 'cloudflare:test';
import worker from '../../src/index.ts';
import type { Env } from '../../src/platform/env.ts';
import { type Api, apiWith, bindingsWith } from './api.ts';
import { anyRecording, sha256Hex } from './audio.ts';
import { type Answering, transcodedBy, wellBehaved } from './crafted-transcoder.ts';
import { QueueModel } from './queue-model.ts';
import type { Recording } from './state.ts';
import { uploadWhole } from './uploading.ts';

const MINUTE_MS = 60_000;

/** Runs the cron handler as if `minutes` had passed. */
export async function sweepIn(bindings: Env, minutes: number): Promise<void> {
  const scheduledTime = Date.now() + minutes * MINUTE_MS;
  await worker.scheduled(createScheduledController({ scheduledTime, cron: '* * * * *' }), bindings);
}

/** An installation whose queue and transcoder the test holds in its hands; D1 and R2 are real. */
export interface Installation {
  bindings: Env;
  queue: QueueModel;
  api: Api;
  /** Uploads a new recording; its message waits in the queue. */
  upload(): Promise<Recording>;
  /** Runs the cron handler as if `minutes` had passed. */
  sweepAfter(minutes: number): Promise<void>;
  /** Sweeps and delivers as time goes by until everything is settled and old enough for its orphans to go. */
  recover(): Promise<void>;
}

/** Returns an installation; without an answer of its own the transcoder does well. */
export async function install(answer?: Answering): Promise<Installation> {
  const queue = new QueueModel();
  const bindings = bindingsWith({
    TRANSCODES_QUEUE: queue.binding,
    ...transcodedBy(answer ?? (await wellBehaved())),
  });
  const api = apiWith(bindings);
  const sweepAfter = (minutes: number) => sweepIn(bindings, minutes);
  return {
    bindings,
    queue,
    api,
    sweepAfter,
    upload: async () => {
      const bytes = anyRecording();
      const { trackId, uploadId, transcodeId } = await uploadWhole(api, 'alice', bytes);
      return { trackId, uploadId, transcodeId, sha256: await sha256Hex(bytes) };
    },
    recover: async () => {
      for (const minutes of [2, 60]) {
        await sweepAfter(minutes);
        await queue.drain(bindings);
      }
    },
  };
}
