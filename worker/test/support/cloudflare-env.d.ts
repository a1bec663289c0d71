import type { D1Migration } from 'cloudflare:test';
import type { Env as WorkerEnv } from '../../src/platform/env.ts';

declare global {
  /** Vite replaces calls of this by the modules that fit. */
  interface ImportMeta {
    glob(pattern: string): Record<string, () => Promise<unknown>>;
  }

  namespace Cloudflare {
    interface Env extends WorkerEnv {
      TEST_MIGRATIONS: D1Migration[];
      MEDIA_KEYS: string;
      ACCESS_TOKENS: string;
      TRANSCODER_URL: string;
      /** A provider that tests may tell how to answer; see test-node/support/mail-provider.ts. */
      MAIL_PROVIDER_URL: string;
    }
    interface GlobalProps {
      mainModule: typeof import('../../src/index.ts');
    }
  }
}
