/** Keeps wrangler and workerd from talking to anybody, and from talking about it. */
export const OFFLINE_ENV = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG: 'error',
};

// Wrangler reads some of these while it is imported: whoever imports it imports this first.
Object.assign(process.env, OFFLINE_ENV);
