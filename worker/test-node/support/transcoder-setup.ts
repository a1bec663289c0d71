import type { TestProject } from 'vitest/node';
import { startTranscoder } from '../../../scripts/start/transcoder.ts';

/** Runs the real transcoder beside the tests and tells them where. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const transcoder = await startTranscoder(() => undefined);
  project.provide('transcoderUrl', transcoder.url);
  return () => transcoder.stop();
}

declare module 'vitest' {
  interface ProvidedContext {
    transcoderUrl: string;
  }
}
