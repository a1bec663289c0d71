import { describe, expect, it } from 'vitest';
import { parseSettings } from './settings.ts';

const SECRET = 'A'.repeat(43);
const base = {
  MEDIA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: SECRET } }),
  AUTH_SECRETS: JSON.stringify({ current: 'k1', keys: { k1: { signing: SECRET, pepper: SECRET } } }),
  TRANSCODER: {},
};
const production = {
  ...base,
  ENVIRONMENT: 'production',
  PUBLIC_ORIGIN: 'https://music.example',
  MAIL_TRANSPORT: 'mailgun',
  MAIL_FROM: 'Melro <no-reply@music.example>',
  MAIL_HTTP_URL: 'https://api.mailgun.net/v3/mg.music.example/messages',
  MAIL_HTTP_KEY: 'key-0123456789',
};

describe('settings of mail', () => {
  it('need nothing in development: messages stay in the outbox', () => {
    expect(parseSettings({ ...base, ENVIRONMENT: 'development' })).toMatchObject({
      publicOrigin: 'http://localhost:5173',
      mail: { transport: 'outbox' },
    });
  });

  it.each([
    ['MAIL_TRANSPORT', 'outbox', 'must not be "outbox" in production'],
    ['MAIL_TRANSPORT', 'pigeon', 'MAIL_TRANSPORT'],
    ['MAIL_TRANSPORT', undefined, 'MAIL_TRANSPORT is missing'],
    ['MAIL_TRANSPORT', 'cloudflare', 'EMAIL is missing: MAIL_TRANSPORT is "cloudflare"'],
    ['PUBLIC_ORIGIN', undefined, 'PUBLIC_ORIGIN is missing'],
    ['PUBLIC_ORIGIN', 'http://music.example', 'PUBLIC_ORIGIN must be https in production'],
    ['PUBLIC_ORIGIN', 'https://music.example/', 'PUBLIC_ORIGIN must be an origin'],
    ['PUBLIC_ORIGIN', 'https://music.example/app', 'PUBLIC_ORIGIN must be an origin'],
    ['PUBLIC_ORIGIN', 'javascript:alert(1)', 'PUBLIC_ORIGIN'],
    ['MAIL_FROM', undefined, 'MAIL_FROM is missing'],
    ['MAIL_FROM', 'Melro', 'MAIL_FROM must hold an email address'],
    ['MAIL_FROM', 'Melro <a@music.example>\r\nBcc: b@music.example', 'MAIL_FROM must look like'],
    ['MAIL_FROM', 'Melro\nBcc: x <a@music.example>', 'MAIL_FROM must look like'],
    ['MAIL_FROM', 'Melro, other@x.example <a@music.example>', 'MAIL_FROM must look like'],
    ['MAIL_HTTP_URL', undefined, 'MAIL_HTTP_URL is missing'],
    ['MAIL_HTTP_URL', 'http://api.mailgun.net/v3/x/messages', 'MAIL_HTTP_URL must be https'],
    ['MAIL_HTTP_URL', 'api.mailgun.net', 'MAIL_HTTP_URL'],
    ['MAIL_HTTP_KEY', undefined, 'MAIL_HTTP_KEY is missing: store the provider’s key'],
    ['MAIL_TRACKING', 'yes', 'MAIL_TRACKING'],
  ])('without a usable %s (%s) stop the start and say what to do', (name, value, message) => {
    expect(() => parseSettings({ ...production, [name]: value })).toThrow(message);
  });

  it('take an empty value for none, as wrangler.toml leaves them to be filled in', () => {
    expect(() =>
      parseSettings({ ...production, PUBLIC_ORIGIN: '', MAIL_TRANSPORT: '', MAIL_FROM: '' }),
    ).toThrow(/PUBLIC_ORIGIN is missing.*MAIL_TRANSPORT is missing.*MAIL_FROM is missing/);
  });

  it('never repeat the provider’s key in what they say', () => {
    expect(() => parseSettings({ ...production, MAIL_HTTP_KEY: 'hunter2' })).toThrow(
      expect.not.stringContaining('hunter2'),
    );
  });

  it('let the provider record opens and clicks only where the operator says so', () => {
    expect(parseSettings(production).mail).toMatchObject({ isTracking: false });
    expect(parseSettings({ ...production, MAIL_TRACKING: 'on' }).mail).toMatchObject({ isTracking: true });
  });

  it('take Cloudflare’s binding where it is bound', () => {
    const settings = parseSettings({
      ...production,
      MAIL_TRANSPORT: 'cloudflare',
      EMAIL: { send: () => null },
    });
    expect(settings.mail).toEqual({
      transport: 'cloudflare',
      from: { name: 'Melro', address: 'no-reply@music.example' },
    });
  });
});
