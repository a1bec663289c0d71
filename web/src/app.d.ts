import type { Me } from '$lib/api/client.ts';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** The API's error code, where it was the API that refused. */
      code?: string;
    }

    interface PageData {
      /** Who is signed in. */
      me: Me | null;
    }

    interface Platform {
      env: {
        /** The API Worker (service binding in wrangler.toml). */
        API: { fetch(request: Request): Promise<Response> };
      };
    }
  }
}
