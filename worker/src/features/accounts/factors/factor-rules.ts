import type { BetterAuthPlugin, GenericEndpointContext } from '@better-auth/core';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import type { RecordSecurityEvent } from '../../../platform/security-events.ts';
import { claimsOf, localeOf, occasionOf } from '../people.ts';
import type { SendMail, TwoFactorChange } from '../ports.ts';
import { nameSchema } from '../schemas.ts';
import type { AccountStore } from '../store.ts';
import type { FactorStore } from './factor-store.ts';
import { type FailedFactors, failedFactors } from './failed-factors.ts';
import { halfSignedIn, MAX_PASSKEYS } from './passkeys.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import { normalizeRecoveryCode, type RecoveryCodes } from './recovery-codes.ts';
import { normalizeCode, useCode } from './totp.ts';

/** What the rules need. */
export interface FactorRuleParts {
  store: AccountStore;
  factors: FactorStore;
  codes: RecoveryCodes;
  sendMail: SendMail;
  record: RecordSecurityEvent;
  /** Ids of the providers that can be signed in by. */
  providerIds: ReadonlySet<string>;
}

type Body = Record<string, unknown>;
const bodyOf = (ctx: GenericEndpointContext) => (ctx.body ?? {}) as Body;
type Allowed = Awaited<ReturnType<typeof requireRecentSignIn>>;
const withBody = (body: Body) => ({ context: { body } });

function refuse(status: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT', code: string, message: string): never {
  throw new APIError(status, { code, message });
}

/** Returns what must hold before better-auth's endpoints for factors and connections, beyond what it checks itself. */
function beforeRules({ store, factors, codes, providerIds }: FactorRuleParts, failed: FailedFactors) {
  /** A code that was used is a wrong code, and counts as one. */
  async function withUnusedCode(ctx: GenericEndpointContext) {
    const session = await getSessionFromCtx(ctx);
    const userId = session?.user.id ?? (await halfSignedIn(ctx));
    if (userId === null) return undefined;
    if (session === null) failed.expect(ctx, userId);
    if (session !== null && (await factors.findTotp(userId))?.isConfirmed) {
      refuse('CONFLICT', 'TOTP_ALREADY_ENABLED', 'The authenticator app is set up already.');
    }
    const code = normalizeCode(bodyOf(ctx).code);
    const isGood = await useCode(factors, ctx.context.secretConfig, userId, code);
    return withBody({ ...bodyOf(ctx), code: isGood ? code : '' });
  }

  async function withPasskeyName(ctx: GenericEndpointContext) {
    const { name } = bodyOf(ctx);
    if (name === undefined) return undefined;
    const parsed = nameSchema.safeParse(name);
    if (!parsed.success) refuse('BAD_REQUEST', 'VALIDATION_ERROR', 'name: 1 to 80 characters');
    return withBody({ ...bodyOf(ctx), name: parsed.data });
  }

  async function refuseTooManyPasskeys(ctx: GenericEndpointContext) {
    const session = await getSessionFromCtx(ctx);
    if (session === null || (await factors.countPasskeys(session.user.id)) < MAX_PASSKEYS) return;
    refuse('CONFLICT', 'TOO_MANY_PASSKEYS', `An account has up to ${MAX_PASSKEYS} passkeys.`);
  }

  /** Refuses to touch what is somebody else's, as if it did not exist, and to remove the last way in. */
  async function guardWaysIn(ctx: GenericEndpointContext) {
    const session = await getSessionFromCtx(ctx);
    if (session === null) return undefined;
    const userId = session.user.id;
    const ways = await factors.findWaysIn(userId);
    const { id, accountId } = bodyOf(ctx);
    const isConnection = ctx.path === '/unlink-account';
    const isTheirs = isConnection
      ? ways.connections.some((connection) => connection.id === accountId)
      : ways.passkeyIds.includes(String(id));
    if (!isTheirs) refuse('NOT_FOUND', 'NOT_FOUND', 'It does not exist, or it is not yours.');
    const usable = [...providerIds];
    // better-auth would remove whatever it looked up a moment ago: this looks and removes at once.
    const orRefuse = async (removed: Promise<boolean>) => {
      if (await removed) return;
      refuse('CONFLICT', 'LAST_CREDENTIAL', 'This is the last way into your account. Add another one first.');
    };
    const deleteAccount = () => orRefuse(factors.removeConnection(userId, String(accountId), usable));
    if (isConnection) return { context: { context: { internalAdapter: { deleteAccount } } } };
    const removePasskey = () => orRefuse(factors.removePasskey(userId, String(id), usable));
    return { context: { context: { adapter: { delete: removePasskey } } } };
  }

  /** An app beside a passkey that is asked for already shares its recovery codes: better-auth would make new ones. */
  async function keepRecoveryCodes(ctx: GenericEndpointContext, allowed: Allowed) {
    const session = await getSessionFromCtx(ctx);
    if (session === null || !(await factors.findSteps(session.user.id)).asksPasskey) return allowed;
    const { adapter } = ctx.context;
    type Update = Parameters<typeof adapter.update>[0];
    const update = ({ update: { backupCodes: _new, ...rest }, ...where }: Update) =>
      adapter.update({ ...where, update: rest });
    return { context: { context: { ...allowed?.context.context, adapter: { update } } } };
  }

  /** Puts what is kept of a recovery code in place of what was typed; a wrong one becomes an empty one. */
  async function withKeptRecoveryCode(ctx: GenericEndpointContext) {
    const userId = await halfSignedIn(ctx);
    const { code, trustDevice } = bodyOf(ctx);
    if (userId === null) return withBody({ code: '', trustDevice, disableSession: false });
    failed.expect(ctx, userId);
    let kept = (await factors.findSteps(userId)).recoveryCodes ?? '';
    const renewed = await codes.renew(kept, ctx.context.secretConfig);
    if (renewed !== null) {
      await factors.replaceRecoveryCodes(userId, kept, renewed);
      kept = renewed;
    }
    const found = await codes.find(kept, normalizeRecoveryCode(code));
    return withBody({ code: found, trustDevice, disableSession: false });
  }

  return createAuthMiddleware(async (ctx) => {
    const allowed = await requireRecentSignIn(ctx, store);
    switch (ctx.path) {
      case '/two-factor/verify-totp':
        return withUnusedCode(ctx);
      case '/two-factor/verify-backup-code':
        return withKeptRecoveryCode(ctx);
      case '/two-factor/enable':
        return keepRecoveryCodes(ctx, allowed);
      case '/passkey/generate-register-options':
        await refuseTooManyPasskeys(ctx);
        return undefined;
      case '/passkey/verify-registration':
        await refuseTooManyPasskeys(ctx);
        return withPasskeyName(ctx);
      case '/passkey/update-passkey':
        await guardWaysIn(ctx);
        return withPasskeyName(ctx);
      case '/passkey/delete-passkey':
      case '/unlink-account':
        return guardWaysIn(ctx);
      default:
        return allowed;
    }
  });
}

/** Returns what follows a change of how somebody signs in: other sessions and trusted devices end, the owner is told. */
function afterRules({ store, factors, sendMail, record }: FactorRuleParts, failed: FailedFactors) {
  type Person = { id: string; email: string; name: string };

  async function settle(userId: string, keptSessionId: string | null) {
    await store.endOtherSessions(userId, keptSessionId);
    await factors.forgetDevices(userId);
  }

  async function tell(ctx: GenericEndpointContext, user: Person, change: TwoFactorChange) {
    await sendMail({
      to: user.email,
      locale: localeOf(user),
      template: 'two_factor_changed',
      data: { name: user.name, change, ...occasionOf(ctx.request) },
    });
  }

  async function tellOfPasskey(ctx: GenericEndpointContext, user: Person) {
    const { name } = bodyOf(ctx);
    await sendMail({
      to: user.email,
      locale: localeOf(user),
      template: 'passkey_added',
      data: {
        name: user.name,
        passkeyName: typeof name === 'string' ? name : null,
        ...occasionOf(ctx.request),
      },
    });
  }

  /** What happened, by whether anything is asked for after the password now. */
  const CHANGES: Record<string, { on: TwoFactorChange; off: TwoFactorChange }> = {
    '/two-factor/verify-totp': { on: 'enabled', off: 'enabled' },
    '/two-factor/enable-passkey': { on: 'passkey_step_added', off: 'passkey_step_added' },
    '/two-factor/disable': { on: 'app_removed', off: 'disabled' },
    '/two-factor/disable-passkey': { on: 'passkey_step_removed', off: 'disabled' },
    '/two-factor/generate-backup-codes': { on: 'recovery_codes_renewed', off: 'recovery_codes_renewed' },
    '/passkey/delete-passkey': { on: 'passkey_removed', off: 'passkey_removed' },
    '/unlink-account': { on: 'provider_unlinked', off: 'provider_unlinked' },
  };

  async function changeOf(path: string, user: { id: string; twoFactorEnabled?: boolean | null }) {
    const change = CHANGES[path];
    if (change === undefined) return undefined;
    const { hasTotp, asksPasskey } = await factors.findSteps(user.id);
    const isOn = hasTotp || asksPasskey;
    const isEnded = user.twoFactorEnabled === true && !isOn;
    if (isEnded && path === '/passkey/delete-passkey') return 'last_passkey_removed';
    return isOn ? change.on : change.off;
  }

  return createAuthMiddleware(async (ctx) => {
    const { returned, session: before, newSession } = ctx.context;
    await failed.follow(ctx, returned);
    if (returned instanceof Error && ctx.path !== '/verify-email') return undefined;
    if (ctx.path === '/passkey/generate-authenticate-options') {
      return ctx.json({ ...(returned as object), userVerification: 'required' });
    }
    if (ctx.path === '/two-factor/verify-backup-code') {
      // A code is gone: whoever used it, its owner counts what is left.
      const user = newSession?.user ?? before?.user;
      if (user !== undefined) await tell(ctx, user, 'recovery_code_used');
      return undefined;
    }
    // Without a session before there was a sign-in, not a change.
    if (before === null) return undefined;
    const kept = newSession?.session.id ?? before.session.id;
    if (ctx.path === '/two-factor/enable' && (await factors.findSteps(before.user.id)).asksPasskey) {
      const { backupCodes: _notKept, ...started } = returned as { backupCodes?: string[] };
      return ctx.json(started);
    }
    const change = await changeOf(ctx.path ?? '', before.user);
    if (change !== undefined) {
      await settle(before.user.id, kept);
      await tell(ctx, before.user, change);
      // The other changes are recorded by what is answered, but these answers are the same where it was none.
      if (change === 'enabled' || change === 'last_passkey_removed') {
        const { id } = before.user;
        const event = change === 'enabled' ? 'two_factor_enabled' : 'two_factor_disabled';
        const request = ctx.request && { request: ctx.request };
        await record({ event, actorId: id, subjectId: id, ...request });
      }
    } else if (ctx.path === '/passkey/verify-registration') {
      await settle(before.user.id, kept);
      await tellOfPasskey(ctx, before.user);
    } else if (ctx.path === '/change-password') {
      await factors.forgetDevices(before.user.id);
    } else if (ctx.path === '/verify-email' && claimsOf(String(ctx.query?.token)).updateTo !== undefined) {
      const isDone = (await store.findUser(before.user.id))?.email !== before.user.email;
      if (isDone) await settle(before.user.id, kept);
    }
    return undefined;
  });
}

/** Returns our rules around better-auth's second factors, passkeys and connections. */
export function factorRules(parts: FactorRuleParts): BetterAuthPlugin {
  const matcher = () => true;
  const failed = failedFactors(parts);
  return {
    id: 'melro-factor-rules',
    hooks: {
      before: [{ matcher, handler: beforeRules(parts, failed) }],
      after: [{ matcher, handler: afterRules(parts, failed) }],
    },
  };
}
