import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'start',
    root: import.meta.dirname,
    include: ['start/**/*.test.ts', 'faults/**/*.test.ts'],
    // Each starts whole products of its own.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
