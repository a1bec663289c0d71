import { Worker } from 'node:worker_threads';
import type { RenderedTrack, RenderJob } from './render-job.ts';

/**
 * Renders jobs on worker threads, in the order given. Returns one promise a job.
 * When the signal is raised or a job fails, the threads end and the open promises reject.
 */
export function renderAll(
  jobs: readonly RenderJob[],
  options: { threads: number; signal: AbortSignal },
): Promise<RenderedTrack[]>[] {
  const slots = jobs.map((job) => ({ job, ...Promise.withResolvers<RenderedTrack[]>() }));
  // Whoever awaits a slot later still sees the rejection; until then it is not "unhandled".
  for (const { promise } of slots) promise.catch(() => undefined);
  const queue = [...slots];
  const workers = Array.from({ length: Math.min(options.threads, jobs.length) }, () => {
    return new Worker(new URL('./render-worker.ts', import.meta.url));
  });
  const end = (reason: unknown): void => {
    for (const { reject } of slots) reject(reason);
    for (const worker of workers) void worker.terminate();
  };
  options.signal.addEventListener('abort', () => end(options.signal.reason), { once: true });
  for (const worker of workers) {
    const next = (): void => {
      const slot = queue.shift();
      if (slot === undefined) {
        void worker.terminate();
        return;
      }
      worker.once('message', (tracks: RenderedTrack[]) => {
        slot.resolve(tracks);
        next();
      });
      worker.postMessage(slot.job);
    };
    worker.on('error', end);
    next();
  }
  return slots.map(({ promise }) => promise);
}
