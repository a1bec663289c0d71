import type { AccountMail } from '../../src/features/accounts/ports.ts';
import type { Env } from '../../src/platform/env.ts';
import { servicesOf } from '../../src/services.ts';
import { type Api, apiWith, bindingsWith, type Call, PRODUCTION } from './api.ts';
import { AUTH_SECRETS } from './people.ts';
import { eventually, rowsOf } from './state.ts';

/** Where the production installation of these tests is reached. */
export const PUBLIC_ORIGIN = 'https://melro.example';

export type Mail = AccountMail & { to: string };

/** An installation whose mail the test reads. */
export interface Accounts {
  api: Api;
  bindings: Env;
  mails: Mail[];
  /** Returns the last message of a template to somebody, once it is there. */
  mailTo(to: string, template: Mail['template']): Promise<Mail & { data: { token: string } }>;
  /** Calls as a browser does: from our own origin, with what cookies it has. */
  browser(cookies?: Cookies): Browser;
}

/** Cookies that a browser keeps: names and values. */
export type Cookies = Map<string, string>;

export interface Browser {
  cookies: Cookies;
  /** The `Set-Cookie` headers of the last answer. */
  lastSet: string[];
  call(path: string, call?: Call): Promise<Response>;
}

export const PASSWORD = 'a blackbird at four in the morning';

let serial = 0;

/** Returns somebody new: an address and a handle that nobody has. */
export function somebody(): { email: string; password: string; name: string; handle: string } {
  const unique = `${Date.now().toString(36)}${serial++}`;
  return { email: `p${unique}@people.example`, password: PASSWORD, name: 'Some Body', handle: `p${unique}` };
}

export function accountsIn(
  environment: 'development' | 'production',
  base: Env = bindingsWith({}),
  overrides: Partial<Env> = {},
): Accounts {
  if (environment === 'development') return withMails({ ...base, ...overrides });
  return withMails({
    ...base,
    ...PRODUCTION,
    PUBLIC_ORIGIN,
    MAIL_TRANSPORT: 'mailgun',
    MAIL_HTTP_URL: 'https://mail.example/messages',
    MAIL_HTTP_KEY: 'a-key-of-a-provider',
    ...overrides,
  });
}

function withMails(bindings: Env): Accounts {
  const mails: Mail[] = [];
  servicesOf(bindings).accounts.mail.send = async (message) => void mails.push(message);
  const api = apiWith(bindings);
  const origin = bindings.ENVIRONMENT === 'production' ? PUBLIC_ORIGIN : 'http://melro.test';
  return {
    api,
    bindings,
    mails,
    mailTo: (to, template) =>
      eventually(() => {
        const found = mails.findLast((mail) => mail.to === to && mail.template === template);
        if (found === undefined) throw new Error(`no ${template} to ${to}`);
        return found as Mail & { data: { token: string } };
      }),
    browser: (cookies = new Map()) => {
      const browser: Browser = {
        cookies,
        lastSet: [],
        call: async (path, call = {}) => {
          const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
          const headers = { origin, ...(cookie === '' ? {} : { cookie }), ...call.headers };
          const response = await api(new URL(path, origin).href, { ...call, headers });
          browser.lastSet = response.headers.getSetCookie();
          for (const line of browser.lastSet) keep(cookies, line);
          return response;
        },
      };
      return browser;
    },
  };
}

function keep(cookies: Cookies, line: string): void {
  const [pair = ''] = line.split(';');
  const at = pair.indexOf('=');
  const value = pair.slice(at + 1);
  if (value === '' || /max-age=0\b/i.test(line)) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), value);
}

/** Signs somebody new up and in, with their address confirmed, and with a role where one is given. */
export async function signedUp(accounts: Accounts, role?: string) {
  const person = somebody();
  const browser = accounts.browser();
  const answer = await browser.call('/api/auth/sign-up/email', { json: person });
  if (answer.status !== 200) throw new Error(`sign-up answered ${answer.status}: ${await answer.text()}`);
  await rowsOf('UPDATE users SET email_verified = 1 WHERE email = ? RETURNING id', person.email);
  if (accounts.bindings.ENVIRONMENT === 'production') {
    const { email, password } = person;
    await browser.call('/api/auth/sign-in/email', { json: { email, password } });
  }
  const [row] = await rowsOf<{ id: string }>('SELECT id FROM users WHERE email = ?', person.email);
  const id = row?.id ?? '';
  if (role !== undefined) await rowsOf('UPDATE users SET role = ? WHERE id = ? RETURNING id', role, id);
  return { ...person, id, browser };
}

/** Opens another browser and signs a person in. */
export async function signIn(
  accounts: Accounts,
  credentials: { email: string; password: string; rememberMe?: boolean },
  call: Omit<Call, 'json'> = {},
): Promise<{ browser: Browser; answer: Response }> {
  const browser = accounts.browser();
  const { email, password, rememberMe } = credentials;
  const json = { email, password, ...(rememberMe === undefined ? {} : { rememberMe }) };
  return { browser, answer: await browser.call('/api/auth/sign-in/email', { json, ...call }) };
}

/** Returns a value as a cookie signed with the current secret, as only the installation itself can sign. */
export async function signedCookieValue(value: string): Promise<string> {
  const { current, keys } = AUTH_SECRETS;
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const secret = bytes.encode(keys[current as 'k2'].signing);
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(value)));
  return encodeURIComponent(`${value}.${signature.toBase64()}`);
}

/** Returns the session token in a cookie. */
export function tokenIn(cookies: Cookies): string {
  const [, value = ''] = [...cookies].find(([name]) => name.endsWith('.session_token')) ?? [];
  return decodeURIComponent(value).split('.')[0] ?? '';
}
