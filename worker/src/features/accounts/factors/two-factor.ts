import { APIError } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { FactorStore } from './factor-store.ts';
import { TOTP } from './totp.ts';

const DAY_SECONDS = 86_400;
/** A device that was to be trusted is asked for no second factor for this long after each sign-in. */
const TRUST_SECONDS = 30 * DAY_SECONDS;
/** Whoever has shown a password has this long to show the second factor. */
const HALF_SIGNED_IN_SECONDS = 600;
/** The page that asks for the second factor after a provider has sent somebody back. */
const TWO_FACTOR_PAGE = '/two-factor';

const RECOVERY_CODES = 10;
/** Without the letters that look like digits. 32 of them, so ten are 50 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function newRecoveryCode(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => ALPHABET[byte % 32]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** Returns a recovery code as it was given out, however it was typed. */
export function normalizeRecoveryCode(typed: unknown): string {
  if (typeof typed !== 'string') return '';
  const letters = typed
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
    .slice(0, 20);
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

type Plugin = ReturnType<typeof twoFactor>;
type Hook = Plugin['hooks']['after'][number];
type HookContext = Parameters<Hook['handler']>[0] & { path?: string };
interface HookResult {
  response?: unknown;
  headers?: Headers | null;
}

/** Returns where a redirect was to lead to, as an address of ours. */
function targetOf(returned: unknown): string {
  const location = returned instanceof Error ? (returned as APIError).headers : undefined;
  const target = new Headers(location).get('location') ?? '/';
  const { pathname, search } = new URL(target, 'https://here.invalid');
  return `${pathname}${search}`;
}

/**
 * Lets better-auth's step between password and session also stand between a provider and the session, where it would
 * leave it out, and names passkeys among what finishes it.
 */
function stepForEverySignIn(original: Hook, store: FactorStore): Hook {
  const handler = async (context: HookContext & { context: Record<string, unknown> }) => {
    const user = (context.context.newSession as { user?: { id: string } } | null)?.user;
    const returned = context.context.returned;
    const result = (await original.handler(context as never)) as unknown as HookResult;
    const asked = result.response as { twoFactorRedirect?: boolean; twoFactorMethods?: string[] } | undefined;
    if (asked?.twoFactorRedirect !== true || user === undefined) return result;
    const methods = [...(asked.twoFactorMethods ?? []), 'recovery-code'];
    if ((await store.countPasskeys(user.id)) > 0) methods.push('passkey');
    if (!context.path?.startsWith('/callback/'))
      return { ...result, response: { ...asked, twoFactorMethods: methods } };
    const query = new URLSearchParams({ next: targetOf(returned), methods: methods.join(' ') });
    const headers = new Headers(result.headers ?? undefined);
    headers.set('location', `${TWO_FACTOR_PAGE}?${query}`);
    // Marked, so that what comes after knows it for half a sign-in.
    const response = Object.assign(new APIError('FOUND', undefined, headers), { twoFactorRedirect: true });
    return { response, headers };
  };
  return {
    matcher: (context) =>
      original.matcher(context) || (context as { path?: string }).path === '/callback/:id',
    handler: handler as unknown as Hook['handler'],
  };
}

/**
 * Returns better-auth's second factor: codes of an authenticator app, and recovery codes. Codes by mail are left out:
 * whoever reads somebody's mail can set a new password, so together they would be one factor.
 */
export function secondFactor(store: FactorStore): Plugin {
  const plugin = twoFactor({
    issuer: 'Melro',
    totpOptions: TOTP,
    // People without a password prove themselves by a recent sign-in: see recent-sign-in.ts.
    allowPasswordless: true,
    twoFactorCookieMaxAge: HALF_SIGNED_IN_SECONDS,
    trustDeviceMaxAge: TRUST_SECONDS,
    backupCodeOptions: {
      storeBackupCodes: 'encrypted',
      customBackupCodesGenerate: () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode),
    },
  });
  const [original, ...rest] = plugin.hooks.after;
  if (original === undefined || rest.length > 0)
    throw new Error('better-auth’s second factor is not built as it was');
  return { ...plugin, hooks: { after: [stepForEverySignIn(original, store)] } } as Plugin;
}
