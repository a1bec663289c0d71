import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'transcoder/vitest.config.ts',
      'worker/vitest.config.ts',
      'worker/vitest.node.config.ts',
      'web/vitest.config.ts',
      'scripts/vitest.config.ts',
      'scripts/vitest.start.config.ts',
      'web/vitest.e2e.config.ts',
    ],
  },
});
