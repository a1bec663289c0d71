import { hashSessionToken } from '../session-policy.ts';
import type { OAuthStore, RefreshRow } from './oauth-store.ts';

/** Whoever loses the race for a refresh waits for the winner's answer: at most this long, looking this often. */
const PATIENCE_MS = 3000;
const LOOK_EVERY_MS = 50;

/** An app asks again for consent at the latest a year after its person signed in for it (ASVS 5.0, 10.4.8). */
const LONGEST_FAMILY_MS = 365 * 86_400_000;

/** What the token endpoint needs around the provider's. */
export interface TokenEndpointParts {
  /** The provider's own endpoint. */
  handle(request: Request): Promise<Response>;
  store: OAuthStore;
  /** Tells the owner that an old refresh token came back. */
  tellOfReuse(row: RefreshRow, request: Request): Promise<void>;
}

function isWithinGrace({ rotatedAt, rotationReplayExpiresAt }: RefreshRow): boolean {
  return rotatedAt !== null && (rotationReplayExpiresAt?.getTime() ?? 0) >= Date.now();
}

/** True where an app goes on by a sign-in that is too long ago, however often it has asked since. */
function isTooOld({ authTime, createdAt }: RefreshRow): boolean {
  return Date.now() - (authTime ?? createdAt).getTime() > LONGEST_FAMILY_MS;
}

/** RFC 6749 5.2. */
function invalidGrant(): Response {
  const body = { error: 'invalid_grant', error_description: 'the grant was revoked' };
  return Response.json(body, { status: 400, headers: { 'cache-control': 'no-store' } });
}

/**
 * Returns the token endpoint: the provider's, with what it leaves open where two requests meet (its source says so).
 * A refresh that comes twice at once gets the same answer twice, instead of a refusal for the slower one; and a token
 * that is being made while its family or code is revoked does not survive that. Refreshing has an end.
 */
export function tokenEndpoint({ handle, store, tellOfReuse }: TokenEndpointParts) {
  async function refresh(form: URLSearchParams, ask: () => Promise<Response>, request: Request) {
    const tokenHash = await hashSessionToken(form.get('refresh_token') ?? '');
    const shown = await store.findRefreshToken(tokenHash);
    if (shown === null || shown.clientId !== form.get('client_id')) return ask();
    if (isTooOld(shown)) {
      await store.removeFamily(shown);
      return invalidGrant();
    }
    const isReuse = shown.revoked !== null && !isWithinGrace(shown) && shown.expiresAt.getTime() > Date.now();
    // Before the family goes: a rotation under way either finds this note or is found by the removal.
    const isFirst = isReuse && (await store.noteReuse(shown, new Date()));
    const answer = await ask();
    if (isFirst) await tellOfReuse(shown, request);
    if (isReuse) return answer;
    if (answer.ok) {
      if (!(await store.isCutOff(shown))) return answer;
      await store.removeFamily(shown);
      return invalidGrant();
    }
    for (
      const untilMs = Date.now() + PATIENCE_MS;
      Date.now() < untilMs;
      await scheduler.wait(LOOK_EVERY_MS)
    ) {
      const row = await store.findRefreshToken(tokenHash);
      if (row === null || !isWithinGrace(row)) break;
      if (row.rotationReplayResponse !== null) return ask();
    }
    return answer;
  }

  async function redeem(form: URLSearchParams, ask: () => Promise<Response>) {
    const codeId = await hashSessionToken(form.get('code') ?? '');
    const answer = await ask();
    if (answer.ok && !(await store.isCodeReplayNoted(codeId))) return answer;
    if (!answer.ok) {
      const { error } = (await answer.clone().json()) as { error?: unknown };
      if (error !== 'invalid_grant') return answer;
      await store.noteCodeReplay(codeId, new Date());
    }
    await store.removeOfCode(codeId);
    return answer.ok ? invalidGrant() : answer;
  }

  return async (request: Request): Promise<Response> => {
    const { url, method, headers } = request;
    // Not by `text()`, at which workerd warns of the content type.
    const body = new TextDecoder().decode(await request.arrayBuffer());
    const form = new URLSearchParams(body);
    const ask = () => handle(new Request(url, { method, headers, body }));
    if (form.get('grant_type') === 'refresh_token') return refresh(form, ask, request);
    if (form.get('grant_type') === 'authorization_code') return redeem(form, ask);
    return ask();
  };
}
