import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** Keeps the host, so that the API sees the origin that the browser sees. */
const api = {
  target: `http://127.0.0.1:${process.env.MELRO_API_PORT ?? 8787}`,
  changeOrigin: false,
};

// Small files that many pages share are bundled into two: each file of its own would be named in the list of every
// page's files, which the shell carries. Vite's helper for imports on demand has to be named: it would join whatever
// chunk uses it first, and the shell would load that.
const SHARED_CHUNK = {
  name: 'shared',
  test: /vite\/preload-helper|\/node_modules\/(?:svelte|@sveltejs|esm-env|clsx|hono)\/|\/@lucide\/svelte\/dist\/Icon|\/src\/lib\/(?:api|shell)\/|\/src\/lib\/ui\/(?:button|icon-button|logo|page|page-heading|failure-panel|message-panel)\.|\/catalogue\/load-catalogue|\/account\/(?:avatar|initials|sign-in-options)/,
  minShareCount: 2,
  priority: 2,
};
const ACCOUNT_CHUNK = {
  name: 'account',
  test: /\/src\/lib\/(?:account|settings)\/(?!avatar|initials|sign-in-options)|\/src\/lib\/ui\/(?:text|select)-field|\/src\/lib\/ui\/check-box/,
  minShareCount: 2,
};

export default defineConfig(({ command }) => {
  // A test that starts the product sets "test", and what is built then would be taken for a development build.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    plugins: [sveltekit()],
    server: {
      host: '127.0.0.1',
      proxy: {
        '/api': api,
        '/media': api,
        '/rest': api,
        '/healthz': api,
        '/readyz': api,
        '/.well-known': api,
      },
    },
    // The tokens use light-dark(), which older targets would have compiled into something larger.
    build: {
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: { output: { codeSplitting: { groups: [SHARED_CHUNK, ACCOUNT_CHUNK] } } },
    },
  };
});
