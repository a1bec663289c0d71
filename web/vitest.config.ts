import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  // The rules are tried as the browser runs them: on the server runes do not react.
  resolve: { conditions: ['browser'] },
  test: {
    name: 'web',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // No test here changes anything that another could see.
    isolate: false,
  },
});
