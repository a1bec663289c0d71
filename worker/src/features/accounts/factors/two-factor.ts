import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { FactorStore } from './factor-store.ts';
import { confirmPassword, proofSchema } from './passkey-step.ts';
import { newRecoveryCodes, type RecoveryCodes } from './recovery-codes.ts';
import { TOTP } from './totp.ts';

const DAY_SECONDS = 86_400;
/** A device that was to be trusted is asked for no second factor for this long after each sign-in. */
const TRUST_SECONDS = 30 * DAY_SECONDS;
/** Whoever has shown a password has this long to show the second factor. */
const HALF_SIGNED_IN_SECONDS = 600;
/** The page that asks for the second factor after a provider has sent somebody back. */
const TWO_FACTOR_PAGE = '/two-factor';

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
export function secondFactor(store: FactorStore, codes: RecoveryCodes): Plugin {
  const plugin = twoFactor({
    issuer: 'Melro',
    totpOptions: TOTP,
    // People without a password prove themselves by a recent sign-in: see recent-sign-in.ts.
    allowPasswordless: true,
    twoFactorCookieMaxAge: HALF_SIGNED_IN_SECONDS,
    trustDeviceMaxAge: TRUST_SECONDS,
    backupCodeOptions: {
      // What is kept cannot be read, so it is compared as it is: factor-rules.ts puts it in place of what was typed.
      storeBackupCodes: {
        encrypt: (json) => codes.keep(JSON.parse(json) as string[]),
        decrypt: async (kept) => kept,
      },
      customBackupCodesGenerate: newRecoveryCodes,
    },
  });
  const [original, ...rest] = plugin.hooks.after;
  if (original === undefined || rest.length > 0)
    throw new Error('better-auth’s second factor is not built as it was');
  return {
    ...plugin,
    // better-auth's own would end the whole step, also where a passkey is asked for without the app.
    endpoints: { ...plugin.endpoints, disableTwoFactor: removeAuthenticatorApp(store) },
    hooks: { after: [stepForEverySignIn(original, store)] },
  } as unknown as Plugin;
}

function removeAuthenticatorApp(store: FactorStore) {
  return createAuthEndpoint(
    '/two-factor/disable',
    { method: 'POST', body: proofSchema, use: [sessionMiddleware] },
    async (ctx) => {
      const { user } = ctx.context.session;
      await confirmPassword(ctx, user.id);
      await store.removeTotp(user.id);
      return ctx.json({ status: true });
    },
  );
}
