import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { AUTH_SECRETS, MEDIA_KEYS, type Person, ROLES, TOKENS } from './test/support/people.ts';

const root = resolve(import.meta.dirname, '..');

const accessTokens = Object.entries(TOKENS).map(([id, token]) => ({
  id,
  role: ROLES[id as Person],
  sha256: createHash('sha256').update(token).digest('hex'),
}));

// Wrangler warns about secrets that are nowhere; ours are bound below.
process.env.MEDIA_KEYS ??= JSON.stringify(MEDIA_KEYS);
process.env.AUTH_SECRETS ??= JSON.stringify(AUTH_SECRETS);

export default defineConfig({
  plugins: [
    cloudflareTest(async ({ inject }) => ({
      wrangler: { configPath: resolve(root, 'wrangler.toml') },
      miniflare: {
        // As it is with MAIL_TRANSPORT = "cloudflare"; wrangler.toml has it commented out.
        email: { send_email: [{ name: 'EMAIL', allowed_sender_addresses: ['no-reply@music.example'] }] },
        bindings: {
          LOG_LEVEL: 'silent',
          TRANSCODER_URL: inject<string>('transcoderUrl'),
          MEDIA_KEYS: JSON.stringify(MEDIA_KEYS),
          AUTH_SECRETS: JSON.stringify(AUTH_SECRETS),
          ACCESS_TOKENS: JSON.stringify(accessTokens),
          ...(process.env.PROPERTY_RUNS === undefined ? {} : { PROPERTY_RUNS: process.env.PROPERTY_RUNS }),
          MAIL_PROVIDER_URL: inject<string>('mailProviderUrl'),
          TEST_MIGRATIONS: await readD1Migrations(resolve(root, 'migrations')),
        },
      },
    })),
  ],
  test: {
    name: 'worker',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['./test/support/apply-migrations.ts'],
    globalSetup: ['./test-node/support/transcoder-setup.ts', './test-node/support/mail-provider-setup.ts'],
    // One workerd for all files: starting one for each takes longer than the tests in it.
    isolate: false,
    maxWorkers: 1,
    // What goes wrong on purpose is logged as it should be; only a failing test's log is worth reading.
    silent: 'passed-only',
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
