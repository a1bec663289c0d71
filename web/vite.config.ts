import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** Keeps the host, so that the API sees the origin that the browser sees. */
const api = {
  target: `http://127.0.0.1:${process.env.MELRO_API_PORT ?? 8787}`,
  changeOrigin: false,
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
    build: { cssTarget: ['chrome123', 'firefox120', 'safari17.5'] },
  };
});
