import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'transcoder',
    root: import.meta.dirname,
    environment: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Real transcodes: on a busy machine the embedded ffmpeg takes a while.
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
