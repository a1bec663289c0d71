import { describe, expect, it } from 'vitest';
import type { Env } from './env.ts';
import { parseSettings } from './settings.ts';

const SECRET = 'A'.repeat(43);
const good = {
  ENVIRONMENT: 'production',
  MEDIA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: SECRET } }),
  AUTH_SECRETS: JSON.stringify({ current: 'k1', keys: { k1: { signing: SECRET, pepper: SECRET } } }),
  TRANSCODER: {},
  PUBLIC_ORIGIN: 'https://music.example',
  MAIL_TRANSPORT: 'mailgun',
  MAIL_FROM: 'Melro <no-reply@music.example>',
  MAIL_HTTP_URL: 'https://api.mailgun.net/v3/mg.music.example/messages',
  MAIL_HTTP_KEY: 'key-0123456789',
} as unknown as Env;

const withValues = (values: Record<string, unknown>) => ({ ...good, ...values }) as Env;

describe('settings', () => {
  it('are parsed with their defaults', () => {
    expect(parseSettings(good)).toEqual({
      environment: 'production',
      logLevel: 'info',
      rateLimitFactor: 1,
      answerCacheSeconds: 60,
      transcoderUrl: null,
      mediaKeys: { current: 'k1', keys: { k1: SECRET } },
      accessTokens: [],
      signIn: { providers: {}, isSignUpOpen: true, turnstile: null },
      authSecrets: { current: 'k1', keys: { k1: { signing: SECRET, pepper: SECRET } } },
      publicOrigin: 'https://music.example',
      mail: {
        transport: 'mailgun',
        from: { name: 'Melro', address: 'no-reply@music.example' },
        url: 'https://api.mailgun.net/v3/mg.music.example/messages',
        key: 'key-0123456789',
        isTracking: false,
      },
    });
  });

  it.each([
    ['RATE_LIMIT_FACTOR', '0', 'RATE_LIMIT_FACTOR'],
    ['RATE_LIMIT_FACTOR', 'many', 'RATE_LIMIT_FACTOR'],
    ['MEDIA_KEYS', undefined, 'MEDIA_KEYS is missing: run `npm run keys`'],
    ['MEDIA_KEYS', '{', 'MEDIA_KEYS must be JSON'],
    ['MEDIA_KEYS', '{"current":"k1","keys":{"k1":"short"}}', 'must be at least 32 random bytes'],
    ['MEDIA_KEYS', `{"current":"k2","keys":{"k1":"${SECRET}"}}`, 'current must name one of keys'],
    ['MEDIA_KEYS', `{"current":"K 1","keys":{"K 1":"${SECRET}"}}`, 'MEDIA_KEYS'],
    ['AUTH_SECRETS', undefined, 'AUTH_SECRETS is missing: run `npm run keys -- auth`'],
    ['AUTH_SECRETS', `{"current":"k1","keys":{"k1":"${SECRET}"}}`, 'AUTH_SECRETS'],
    [
      'AUTH_SECRETS',
      `{"current":"a","keys":{"a":{"signing":"${SECRET}","pepper":"${SECRET}"}}}`,
      'AUTH_SECRETS',
    ],
    [
      'AUTH_SECRETS',
      '{"current":"k1","keys":{"k1":{"signing":"x","pepper":"y"}}}',
      'at least 32 random bytes',
    ],
    ['ENVIRONMENT', undefined, 'ENVIRONMENT is missing: set it under [vars] in wrangler.toml'],
    ['ENVIRONMENT', 'staging', 'ENVIRONMENT'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL'],
    ['TRANSCODER_URL', 'not an address', 'TRANSCODER_URL'],
    ['AUTH_PROVIDERS', '{"google":{"clientId":"a"}}', 'AUTH_PROVIDERS'],
    ['AUTH_PROVIDERS', '{"gogle":{"clientId":"a","clientSecret":"b"}}', 'AUTH_PROVIDERS'],
    [
      'AUTH_PROVIDERS',
      '{"oidc":{"clientId":"a","clientSecret":"b","name":"n","issuer":"http://id.example"}}',
      'must be an https address',
    ],
    ['SIGN_UP', 'maybe', 'SIGN_UP'],
    ['TURNSTILE_SECRET', 'alone', 'TURNSTILE_SITE_KEY is missing'],
    ['TURNSTILE_SITE_KEY', 'alone', 'TURNSTILE_SECRET is missing'],
    ['ACCESS_TOKENS', '[{"id":"a","role":"king","sha256":"0"}]', 'ACCESS_TOKENS'],
    [
      'ACCESS_TOKENS',
      '[{"id":"a","role":"operator","sha256":"the token itself"}]',
      'must be the SHA-256 of the token',
    ],
  ])('without a usable %s (%s) stop the start and say what to do', (name, value, message) => {
    expect(() => parseSettings(withValues({ [name]: value }))).toThrow(message);
    expect(() => parseSettings(withValues({ [name]: value }))).toThrow(
      /^Melro cannot start\. .*: .+(wrangler|npm)/,
    );
  });

  it('name everything that is wrong at once', () => {
    expect(() => parseSettings({} as Env)).toThrow(/ENVIRONMENT is missing.*MEDIA_KEYS is missing/);
  });

  it('never repeat a secret in what they say', () => {
    const leaks = [`{"current":"k2","keys":{"k1":"${SECRET}"}}`, `"${SECRET}"`, SECRET];
    for (const MEDIA_KEYS of leaks) {
      expect(() => parseSettings(withValues({ MEDIA_KEYS }))).toThrow(expect.not.stringContaining(SECRET));
    }
  });

  it('need a transcoder at an address or in a container', () => {
    expect(() => parseSettings(withValues({ TRANSCODER: undefined }))).toThrow('TRANSCODER_URL is missing');
    const url = 'http://127.0.0.1:9090';
    expect(parseSettings(withValues({ TRANSCODER: undefined, TRANSCODER_URL: url })).transcoderUrl).toBe(url);
  });
});
