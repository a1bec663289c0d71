import { eq } from 'drizzle-orm';
import type { Database } from '../../platform/db.ts';
import { imageKey } from '../../platform/r2-keys.ts';
import {
  apiKeys,
  oauthClients,
  oauthConsents,
  userCredentials,
  userPasskeys,
  userSessions,
  users,
} from './tables.ts';

/** More of each kind than anybody has; what is beyond would not fit into the memory of one request. */
const MOST = 1000;

const iso = (at: Date | null) => at?.toISOString() ?? null;
const isoMs = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());

/** Returns what accounts know of somebody: no password, secret, token or hash of one. */
export async function exportAccount(db: Database, userId: string): Promise<Record<string, unknown>> {
  const [row, sessions, credentials, passkeys, keys, apps, clients] = await Promise.all([
    db.select().from(users).where(eq(users.id, userId)).get(),
    db.select().from(userSessions).where(eq(userSessions.userId, userId)).limit(MOST),
    db.select().from(userCredentials).where(eq(userCredentials.userId, userId)).limit(MOST),
    db.select().from(userPasskeys).where(eq(userPasskeys.userId, userId)).limit(MOST),
    db.select().from(apiKeys).where(eq(apiKeys.userId, userId)).limit(MOST),
    db
      .select({ consent: oauthConsents, name: oauthClients.name })
      .from(oauthConsents)
      .leftJoin(oauthClients, eq(oauthClients.clientId, oauthConsents.clientId))
      .where(eq(oauthConsents.userId, userId))
      .limit(MOST),
    db.select().from(oauthClients).where(eq(oauthClients.userId, userId)).limit(MOST),
  ]);
  return {
    profile: row && {
      id: row.id,
      handle: row.handle,
      name: row.name,
      email: row.email,
      emailVerified: row.emailVerified,
      role: row.role,
      locale: row.locale,
      bio: row.bio,
      profileVisibility: row.profileVisibility,
      hasAvatar: row.avatar !== null,
      twoFactorEnabled: row.twoFactorEnabled ?? false,
      createdAt: iso(row.createdAt),
      updatedAt: iso(row.updatedAt),
    },
    sessions: sessions.map((session) => ({
      sessionId: session.id,
      userAgent: session.userAgent,
      network: session.ipAddress,
      city: session.city,
      country: session.country,
      createdAt: iso(session.createdAt),
      lastUsedAt: iso(session.updatedAt),
      expiresAt: iso(session.expiresAt),
    })),
    waysToSignIn: credentials.map(({ providerId, accountId, scope, createdAt, updatedAt }) => ({
      provider: providerId === 'credential' ? 'password' : providerId,
      accountThere: providerId === 'credential' ? null : accountId,
      scope,
      createdAt: iso(createdAt),
      changedAt: iso(updatedAt),
    })),
    passkeys: passkeys.map(({ name, deviceType, backedUp, createdAt }) => ({
      name,
      deviceType,
      backedUp,
      createdAt: iso(createdAt),
    })),
    apiKeys: keys.map(({ id, name, start, scopes, createdAtMs, expiresAtMs, lastUsedAtMs }) => ({
      keyId: id,
      name,
      start,
      scopes,
      createdAt: isoMs(createdAtMs),
      expiresAt: isoMs(expiresAtMs),
      lastUsedAt: isoMs(lastUsedAtMs),
    })),
    connectedApps: apps.map(({ consent, name }) => ({
      clientId: consent.clientId,
      name,
      scopes: consent.scopes,
      createdAt: iso(consent.createdAt),
    })),
    registeredApps: clients.map(({ clientId, name, uri, redirectUris, createdAt }) => ({
      clientId,
      name,
      uri,
      redirectUris,
      createdAt: iso(createdAt),
    })),
  };
}

/** Yields the picture that somebody gave themselves, as large as it is kept, for the copy of their data. */
export async function* exportAvatar(db: Database, media: R2Bucket, userId: string) {
  const row = await db.select({ avatar: users.avatar }).from(users).where(eq(users.id, userId)).get();
  const object = row?.avatar ? await media.get(imageKey(userId, row.avatar.imageId, 640)) : null;
  if (object !== null)
    yield { path: 'account/avatar.webp', bytes: new Uint8Array(await object.arrayBuffer()) };
}
