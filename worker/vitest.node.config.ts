import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'worker (node)',
    root: import.meta.dirname,
    // Rules without a platform are tried without one.
    include: ['test-node/**/*.test.ts', '../durable-objects/src/**/*.test.ts'],
    // They run tools that a loaded machine needs a while for.
    testTimeout: 120_000,
  },
});
