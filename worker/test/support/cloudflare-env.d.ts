import type { D1Migration } from 'cloudflare:test';
import type { Env as WorkerEnv } from '../../src/platform/env.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      TEST_MIGRATIONS: D1Migration[];
      MEDIA_KEYS: string;
      ACCESS_TOKENS: string;
      TRANSCODER_URL: string;
    }
    interface GlobalProps {
      mainModule: typeof import('../../src/index.ts');
    }
  }
}
