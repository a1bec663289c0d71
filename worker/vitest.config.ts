import { resolve } from 'node:path';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '..');

export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: resolve(root, 'wrangler.toml') },
      miniflare: {
        bindings: {
          LOG_LEVEL: 'silent',
          MEDIA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: 'A'.repeat(43), k0: 'B'.repeat(43) } }),
          TEST_MIGRATIONS: await readD1Migrations(resolve(root, 'migrations')),
        },
      },
    }),
  ],
  test: {
    name: 'worker',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['./test/support/apply-migrations.ts'],
  },
}));
