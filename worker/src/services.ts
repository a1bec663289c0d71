import { waitUntil } from 'cloudflare:workers';
import type { Container } from '@cloudflare/containers';
import { type Auth, createAuth } from './features/accounts/auth.ts';
import { sessionCookie } from './features/accounts/cookies.ts';
import { FactorStore } from './features/accounts/factors/factor-store.ts';
import { relyingPartyId } from './features/accounts/factors/passkeys.ts';
import { leavingPeople } from './features/accounts/leaving.ts';
import { exportAccount, exportAvatar } from './features/accounts/own-data.ts';
import { passwordHasher } from './features/accounts/password-hasher.ts';
import type { SendMail } from './features/accounts/ports.ts';
import { sessionResolver } from './features/accounts/principal.ts';
import { configuredProviders } from './features/accounts/providers/providers.ts';
import { AccountStore } from './features/accounts/store.ts';
import { accessTokenResolver, tokenAuthority } from './features/accounts/tokens/access-tokens.ts';
import { ApiKeyStore } from './features/accounts/tokens/api-key-store.ts';
import { apiKeyResolver } from './features/accounts/tokens/api-keys.ts';
import { OAuthStore } from './features/accounts/tokens/oauth-store.ts';
import { eraseEvents, exportEvents } from './features/audit/own-data.ts';
import { recorder } from './features/audit/record.ts';
import { AuditStore } from './features/audit/store.ts';
import { ArtistStore } from './features/catalogue/artists/artist-store.ts';
import { eraseTracks, exportTracks } from './features/catalogue/tracks/own-data.ts';
import { findPlayable } from './features/catalogue/tracks/playable.ts';
import { TrackStore } from './features/catalogue/tracks/store.ts';
import { TrackMaking } from './features/catalogue/tracks/track-making.ts';
import type { LibraryDeps } from './features/library/service.ts';
import { sendMail } from './features/mail/service.ts';
import { MailStore } from './features/mail/store.ts';
import type { MailRequest } from './features/mail/templates.ts';
import type { MailTransport } from './features/mail/transport.ts';
import { cloudflareTransport } from './features/mail/transports/cloudflare.ts';
import { mailgunTransport } from './features/mail/transports/mailgun.ts';
import { outboxTransport } from './features/mail/transports/outbox.ts';
import { signMediaToken } from './features/media/token.ts';
import { eraseExports } from './features/my-data/erase.ts';
import { ARCHIVE_BYTES, ROWS_AT_ONCE } from './features/my-data/policy.ts';
import type { Eraser, SendDataMail } from './features/my-data/ports.ts';
import { ExportStore } from './features/my-data/store.ts';
import { exportPlaylists } from './features/playlists/own-data.ts';
import type { PlaylistDeps } from './features/playlists/service.ts';
import type { PlaysDeps } from './features/plays/service.ts';
import { DeadLetterStore } from './features/transcodes/dead-letters.ts';
import { TranscodeStore } from './features/transcodes/store.ts';
import { containerTranscoder, httpTranscoder, type Transcoder } from './features/transcodes/transcoder.ts';
import {
  eraseUpload,
  eraseUploads,
  eraseUploadsOfTrack,
  exportUploads,
  originalsOf,
} from './features/uploads/own-data.ts';
import type { ErasePort } from './features/uploads/ports.ts';
import type { UploadDeps } from './features/uploads/service.ts';
import { UploadStore } from './features/uploads/store.ts';
import { pepperKeys, signingSecrets } from './platform/auth/auth-secrets.ts';
import { principalResolver } from './platform/auth/principal.ts';
import { type Database, openDatabase } from './platform/db.ts';
import type { Env } from './platform/env.ts';
import type { ImageDeps } from './platform/image-store.ts';
import { knownDevices } from './platform/limits/known-devices.ts';
import { bindingLimits } from './platform/limits/limits.ts';
import { linkTokens } from './platform/link-tokens.ts';
import type { MailSettings } from './platform/mail-settings.ts';
import { imagesPrefix } from './platform/r2-keys.ts';
import { deletePrefix } from './platform/r2-objects.ts';
import type { RecordSecurityEvent } from './platform/security-events.ts';
import { LOCAL_OPERATOR, parseSettings, type Settings } from './platform/settings.ts';
import { answerCacheOf } from './wiring/answer-cache.ts';
import { peopleOfAudit } from './wiring/audit.ts';
import { catalogueOf, draftsOf } from './wiring/catalogue.ts';
import { libraryDocuments, libraryErasers, libraryOf } from './wiring/library.ts';
import { playlistsOf } from './wiring/playlists.ts';
import { playsDocuments, playsErasers, playsOf } from './wiring/plays.ts';

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

/** Documents of somebody for the copy of their data, one feature after the other. */
async function* documentsOf(db: Database, media: R2Bucket, stores: MyDataStores, userId: string) {
  const { audit, playlists, tracks, uploads } = stores;
  const account = await exportAccount(db, userId);
  for (const [name, content] of Object.entries(account)) yield { path: `account/${name}.json`, content };
  yield* exportAvatar(db, media, userId);
  yield { path: 'account/securityEvents.json', content: await exportEvents(audit, userId) };
  yield { path: 'tracks.json', content: await exportTracks(tracks, userId) };
  yield { path: 'uploads.json', content: await exportUploads(uploads, userId) };
  yield* libraryDocuments(stores.library, userId);
  yield* exportPlaylists(playlists, userId);
  yield* playsDocuments(stores.plays, userId);
}

interface MyDataStores {
  accounts: AccountStore;
  audit: AuditStore;
  library: LibraryDeps;
  plays: PlaysDeps;
  mail: MailStore;
  playlists: PlaylistDeps;
  tracks: TrackStore;
  uploads: UploadStore;
}

function myDataOf(
  env: Env,
  settings: Settings,
  db: Database,
  stores: MyDataStores,
  uploadDeps: UploadDeps & { erase: ErasePort },
  sendMail: SendDataMail,
  record: RecordSecurityEvent,
) {
  const media = env.MEDIA;
  const store = new ExportStore(db);
  const { accounts, audit, mail, playlists, tracks, uploads } = stores;
  const people = leavingPeople(db, accounts);
  const erasers: Record<string, Eraser> = {
    exports: ({ id }) => eraseExports({ store, media }, id),
    uploads: ({ id }) => eraseUploads(uploadDeps, id, ROWS_AT_ONCE),
    ...libraryErasers(stores.library, tracks, ROWS_AT_ONCE),
    ...playsErasers(stores.plays, tracks, ROWS_AT_ONCE),
    tracks: ({ id }) => eraseTracks({ store: tracks, media }, id, ROWS_AT_ONCE),
    images: async ({ id }) => {
      await deletePrefix(media, imagesPrefix(id));
      return true;
    },
    playlists: ({ id }) => playlists.store.erase(id, ROWS_AT_ONCE),
    mail: ({ email }) => mail.erase(email, 'account_deleted', ROWS_AT_ONCE),
    audit: ({ id }) => eraseEvents({ store: audit, record }, id),
  };
  return {
    store,
    media,
    people,
    archiveBytes: ARCHIVE_BYTES,
    erasers,
    sources: {
      documents: (userId: string) => documentsOf(db, media, stores, userId),
      originals: (userId: string, after: string | null) => originalsOf(uploads, userId, after),
    },
    sendMail,
    links: linkTokens(settings.authSecrets),
    record,
    sendHint: async (exportId: string, delaySeconds: number) => {
      await env.EXPORTS_QUEUE.send({ exportId }, { delaySeconds });
    },
    isProduction: settings.environment === 'production',
    log: settings.logLevel === 'info',
  };
}

function build(env: Env) {
  const settings = parseSettings(env);
  const db = openDatabase(env.DB);
  const tracks = new TrackStore(db);
  const artists = new ArtistStore(db);
  const making = new TrackMaking(db);
  const transcodes = new TranscodeStore(db);
  const uploads = new UploadStore(db);
  const cache = answerCacheOf(settings);
  const auditStore = new AuditStore(db);
  const record = recorder(auditStore, settings.logLevel === 'info');
  const mail = mailOf(env, settings, db);
  const send = (request: MailRequest) => sendMail(mail, request);
  const media = env.MEDIA;
  /** What features with pictures of their own need; a new transcoder for every picture, so that they spread too. */
  const images: ImageDeps = {
    media,
    makePictures: (...question) => transcoderOf(env, settings.transcoderUrl).makePictures(...question),
  };
  const accounts = accountsOf(settings, db, tracks, uploads, send, record, images);
  const sendHint = async (transcodeId: string, delaySeconds: number) => {
    await env.TRANSCODES_QUEUE.send({ transcodeId }, { delaySeconds });
  };
  const uploadDeps = {
    store: uploads,
    media,
    drafts: draftsOf(db, tracks, making),
    transcodes: { enqueue: transcodes.enqueue.bind(transcodes), sendHint },
    erase: { removeTranscode: transcodes.remove.bind(transcodes) },
  };
  const library = libraryOf(db);
  const playlists = playlistsOf(db, settings.environment === 'production');
  const plays = playsOf(db, tracks, library.cards);
  const stores = {
    accounts: accounts.store,
    audit: auditStore,
    library,
    mail: mail.store,
    playlists,
    plays,
    tracks,
    uploads,
  };
  return {
    settings,
    /** Public answers; who changes what they show calls `invalidate`. */
    cache,
    limits: bindingLimits(
      env,
      settings.rateLimitFactor,
      knownDevices(
        settings.environment === 'production',
        signingSecrets(settings.authSecrets)[0]?.value ?? '',
      ),
    ),
    accounts,
    audit: {
      store: auditStore,
      record,
      findAccountId: (email: string) => accounts.store.findIdByEmail(email),
      people: peopleOfAudit(accounts.store),
    },
    resolvePrincipal: principalResolver(settings, {
      bearers: accounts.bearers,
      session: accounts.resolveSession,
      localPerson: () => accounts.store.firstAdminId(),
    }),
    images,
    catalogue: catalogueOf({
      db,
      media,
      tracks,
      artists,
      accounts: accounts.store,
      cache,
      images,
      eraseUploadsOf: (trackId) => eraseUploadsOfTrack(uploadDeps, trackId),
      eraseUpload: (uploadId) => eraseUpload(uploadDeps, uploadId),
    }),
    library,
    playlists,
    plays,
    uploads: uploadDeps,
    myData: myDataOf(env, settings, db, stores, uploadDeps, send, record),
    operator: { letters: new DeadLetterStore(db), store: transcodes, tracks: making, sendHint },
    sweep: { store: transcodes, tracks: making, media, sendHint },
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
      tracks: making,
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
