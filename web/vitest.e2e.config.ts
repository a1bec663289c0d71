import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'e2e',
    root: import.meta.dirname,
    include: ['e2e/**/*.e2e.ts'],
    environment: 'node',
    testTimeout: 60_000,
    // The product may have to be built first.
    hookTimeout: 300_000,
    // A journey's later steps stand on the earlier ones.
    bail: 1,
    fileParallelism: false,
  },
});
