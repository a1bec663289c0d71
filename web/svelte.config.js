import adapter from '@sveltejs/adapter-cloudflare';

// Without `emulate`, `vite dev` starts no second workerd: the API is reached over HTTP there (hooks.server.ts).
const { emulate: _, ...cloudflare } = adapter();

/** @type {import('@sveltejs/kit').Config} */
const config = {
  kit: {
    adapter: cloudflare,
    // The app has no form actions. What it hands to the API is checked there, where curl must get through.
    csrf: { trustedOrigins: ['*'] },
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src': ['self'],
        // Svelte writes `style:` directives as attributes when it renders on the server.
        'style-src-attr': ['unsafe-inline'],
        'img-src': ['self', 'data:'],
        // Media Source hands the audio element a blob: address.
        'media-src': ['self', 'blob:'],
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
        'frame-ancestors': ['none'],
      },
    },
    version: { pollInterval: 0 },
    typescript: {
      config: (generated) => ({
        ...generated,
        extends: '../../tsconfig.base.json',
        include: [...generated.include, '../scripts/**/*.ts', '../e2e/**/*.ts', '../*.config.ts'],
      }),
    },
  },
};

export default config;
