import { waitUntil } from 'cloudflare:workers';
import { type Auth, createAuth } from '../features/accounts/auth.ts';
import { sessionCookie } from '../features/accounts/cookies.ts';
import { FactorStore } from '../features/accounts/factors/factor-store.ts';
import { relyingPartyId } from '../features/accounts/factors/passkeys.ts';
import { passwordHasher } from '../features/accounts/password-hasher.ts';
import type { SendMail } from '../features/accounts/ports.ts';
import { sessionResolver } from '../features/accounts/principal.ts';
import { configuredProviders } from '../features/accounts/providers/providers.ts';
import { AccountStore } from '../features/accounts/store.ts';
import { accessTokenResolver, tokenAuthority } from '../features/accounts/tokens/access-tokens.ts';
import { ApiKeyStore } from '../features/accounts/tokens/api-key-store.ts';
import { apiKeyResolver } from '../features/accounts/tokens/api-keys.ts';
import { OAuthStore } from '../features/accounts/tokens/oauth-store.ts';
import { ArtistStore } from '../features/catalogue/artists/artist-store.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import type { UploadStore } from '../features/uploads/store.ts';
import { pepperKeys, signingSecrets } from '../platform/auth/auth-secrets.ts';
import type { Database } from '../platform/db.ts';
import type { ImageDeps } from '../platform/image-store.ts';
import type { RecordSecurityEvent } from '../platform/security-events.ts';
import { LOCAL_OPERATOR, type Settings } from '../platform/settings.ts';

/** Returns accounts with what they need of other features, and who resolves the principals of requests. */
export function accountsOf(
  settings: Settings,
  db: Database,
  tracks: TrackStore,
  uploads: UploadStore,
  send: SendMail,
  record: RecordSecurityEvent,
  images: ImageDeps,
) {
  const isProduction = settings.environment === 'production';
  const { authSecrets: secrets, publicOrigin } = settings;
  const store = new AccountStore(db);
  const { isSignUpOpen, turnstile } = settings.signIn;
  const providers = configuredProviders(settings.signIn.providers);
  const apiKeys = new ApiKeyStore(db);
  const mail = { send };
  const oauth = new OAuthStore(db);
  let auth: Auth | undefined;
  const make = () =>
    createAuth({
      isProduction,
      publicOrigin,
      secrets,
      db,
      store,
      factors: new FactorStore(db),
      oauth,
      providers,
      isSignUpOpen,
      hasher: passwordHasher(pepperKeys(secrets)),
      sendMail: (message) => mail.send(message),
      record,
      adoptUnowned: (userId, guard) =>
        [tracks, uploads, new ArtistStore(db)].map((owned) =>
          owned.changeOwner(LOCAL_OPERATOR, userId, guard),
        ),
      runAfterAnswer: waitUntil,
    });
  const cookie = sessionCookie(isProduction, signingSecrets(secrets)[0]?.value ?? '');
  return {
    store,
    images,
    record,
    apiKeys,
    oauth,
    isProduction,
    mail,
    auth: () => {
      auth ??= make();
      return auth;
    },
    turnstile,
    publicOrigin,
    signInOptions: {
      providers: providers.map(({ id, name }) => ({ id, name })),
      hasPasskeys: relyingPartyId(publicOrigin) !== null,
      isSignUpOpen,
      turnstileSiteKey: turnstile?.siteKey ?? null,
    },
    resolveSession: sessionResolver(store, cookie),
    bearers: [
      apiKeyResolver(apiKeys),
      accessTokenResolver(tokenAuthority(publicOrigin), () => oauth.listPublicKeys(new Date())),
    ],
  };
}
