import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'worker (node)',
    root: import.meta.dirname,
    include: ['test-node/**/*.test.ts'],
    // They run tools that a loaded machine needs a while for.
    testTimeout: 120_000,
  },
});
