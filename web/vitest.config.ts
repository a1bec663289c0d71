import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Not SvelteKit's plugin: it takes the folder that the process runs in for the app's.
  plugins: [svelte({ configFile: false })],
  // The rules are tried as the browser runs them: on the server runes do not react.
  resolve: {
    conditions: ['browser'],
    alias: {
      $lib: resolve(import.meta.dirname, 'src/lib'),
      '$app/environment': resolve(import.meta.dirname, 'src/lib/testing/app-environment.ts'),
    },
  },
  test: {
    name: 'web',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // No test here changes anything that another could see.
    isolate: false,
  },
});
