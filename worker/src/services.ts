import { waitUntil } from 'cloudflare:workers';
import type { Container } from '@cloudflare/containers';
import { type Auth, createAuth } from './features/accounts/auth.ts';
import { sessionCookie } from './features/accounts/cookies.ts';
import { FactorStore } from './features/accounts/factors/factor-store.ts';
import { relyingPartyId } from './features/accounts/factors/passkeys.ts';
import { passwordHasher } from './features/accounts/password-hasher.ts';
import type { SendMail } from './features/accounts/ports.ts';
import { sessionResolver } from './features/accounts/principal.ts';
import { configuredProviders } from './features/accounts/providers/providers.ts';
import { AccountStore } from './features/accounts/store.ts';
import { accessTokenResolver, tokenAuthority } from './features/accounts/tokens/access-tokens.ts';
import { ApiKeyStore } from './features/accounts/tokens/api-key-store.ts';
import { apiKeyResolver } from './features/accounts/tokens/api-keys.ts';
import { OAuthStore } from './features/accounts/tokens/oauth-store.ts';
import { recorder } from './features/audit/record.ts';
import { AuditStore } from './features/audit/store.ts';
import { sendMail } from './features/mail/service.ts';
import { MailStore } from './features/mail/store.ts';
import type { MailRequest } from './features/mail/templates.ts';
import type { MailTransport } from './features/mail/transport.ts';
import { cloudflareTransport } from './features/mail/transports/cloudflare.ts';
import { mailgunTransport } from './features/mail/transports/mailgun.ts';
import { outboxTransport } from './features/mail/transports/outbox.ts';
import { signMediaToken } from './features/media/token.ts';
import { findPlayable } from './features/tracks/playable.ts';
import { TrackStore } from './features/tracks/store.ts';
import { DeadLetterStore } from './features/transcodes/dead-letters.ts';
import { TranscodeStore } from './features/transcodes/store.ts';
import { containerTranscoder, httpTranscoder, type Transcoder } from './features/transcodes/transcoder.ts';
import { UploadStore } from './features/uploads/store.ts';
import { pepperKeys, signingSecrets } from './platform/auth/auth-secrets.ts';
import { LOCAL_PRINCIPAL, principalResolver } from './platform/auth/principal.ts';
import { type Database, openDatabase } from './platform/db.ts';
import type { Env } from './platform/env.ts';
import { bindingLimits } from './platform/limits/limits.ts';
import type { MailSettings } from './platform/mail-settings.ts';
import type { RecordSecurityEvent } from './platform/security-events.ts';
import { parseSettings, type Settings } from './platform/settings.ts';

/** Instances that jobs spread over; keep it at `max_instances` of the container in wrangler.toml. */
const TRANSCODER_INSTANCES = 5;

function transcoderOf(env: Env, url: string | null): Transcoder {
  if (url !== null) return httpTranscoder(url);
  const instance = `transcoder-${Math.floor(Math.random() * TRANSCODER_INSTANCES)}`;
  return containerTranscoder(env.TRANSCODER as DurableObjectNamespace<Container>, instance);
}

function mailTransportOf(env: Env, mail: MailSettings): MailTransport {
  if (mail.transport === 'mailgun') return mailgunTransport(mail);
  if (mail.transport === 'outbox') return outboxTransport();
  // The settings are refused where it is not bound.
  return cloudflareTransport(env.EMAIL as SendEmail, mail.from);
}

function mailOf(env: Env, settings: Settings, db: Database) {
  return {
    store: new MailStore(db),
    transport: mailTransportOf(env, settings.mail),
    publicOrigin: settings.publicOrigin,
    hasOutbox: settings.environment === 'development' && settings.mail.transport === 'outbox',
    sendHint: async (mailId: string, delaySeconds: number) => {
      await env.MAIL_QUEUE.send({ mailId }, { delaySeconds });
    },
    log: settings.logLevel === 'info',
  };
}

function accountsOf(
  settings: Settings,
  db: Database,
  tracks: TrackStore,
  uploads: UploadStore,
  send: SendMail,
  record: RecordSecurityEvent,
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
        [tracks, uploads].map((owned) => owned.changeOwner(LOCAL_PRINCIPAL.id, userId, guard)),
      runAfterAnswer: waitUntil,
    });
  const cookie = sessionCookie(isProduction, signingSecrets(secrets)[0]?.value ?? '');
  return {
    store,
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

function build(env: Env) {
  const settings = parseSettings(env);
  const db = openDatabase(env.DB);
  const tracks = new TrackStore(db);
  const transcodes = new TranscodeStore(db);
  const uploads = new UploadStore(db);
  const auditStore = new AuditStore(db);
  const record = recorder(auditStore, settings.logLevel === 'info');
  const mail = mailOf(env, settings, db);
  const send = (request: MailRequest) => sendMail(mail, request);
  const accounts = accountsOf(settings, db, tracks, uploads, send, record);
  const media = env.MEDIA;
  const sendHint = async (transcodeId: string, delaySeconds: number) => {
    await env.TRANSCODES_QUEUE.send({ transcodeId }, { delaySeconds });
  };
  return {
    settings,
    limits: bindingLimits(env, settings.rateLimitFactor),
    accounts,
    audit: {
      store: auditStore,
      record,
      findAccountId: (email: string) => accounts.store.findIdByEmail(email),
    },
    resolvePrincipal: principalResolver(settings, {
      bearers: accounts.bearers,
      session: accounts.resolveSession,
    }),
    tracks: { store: tracks, media },
    uploads: {
      store: uploads,
      media,
      drafts: tracks,
      transcodes: { enqueue: transcodes.enqueue.bind(transcodes), sendHint },
    },
    operator: { letters: new DeadLetterStore(db), store: transcodes, tracks, sendHint },
    sweep: { store: transcodes, tracks, media, sendHint },
    /** Writes a message to a person: the port for whoever has something to tell. */
    sendMail: send,
    mail,
    playback: {
      findPlayable: (trackId: string, principalId: string | null) =>
        findPlayable(tracks, trackId, principalId),
      signToken: (claims: Parameters<typeof signMediaToken>[0]) => signMediaToken(claims, settings.mediaKeys),
    },
    health: {
      database: () => env.DB.prepare('SELECT 1').first(),
      bucket: () => media.head('readiness'),
      transcoder: () => transcoderOf(env, settings.transcoderUrl).health(),
    },
    /** A new one for every job, so that jobs spread over container instances. */
    run: () => ({
      store: transcodes,
      tracks,
      media,
      transcoder: transcoderOf(env, settings.transcoderUrl),
      sendHint,
      log: settings.logLevel === 'info',
    }),
  };
}

/** Everything wired together: the one place that knows all features. */
export type Services = ReturnType<typeof build>;

const built = new WeakMap<Env, Services>();

/** Returns the services of this deployment. Throws what `parseSettings` throws. */
export function servicesOf(env: Env): Services {
  const known = built.get(env);
  if (known !== undefined) return known;
  const services = build(env);
  built.set(env, services);
  return services;
}
