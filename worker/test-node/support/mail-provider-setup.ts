import type { TestProject } from 'vitest/node';
import { startMailProvider } from './mail-provider.ts';

/** Runs a mail provider beside the tests and tells them where. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const provider = await startMailProvider();
  project.provide('mailProviderUrl', provider.url);
  return provider.stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    mailProviderUrl: string;
  }
}
