import { recorder } from './features/audit/record.ts';
import { AuditStore } from './features/audit/store.ts';
import { ArtistStore } from './features/catalogue/artists/artist-store.ts';
import { findPlayable } from './features/catalogue/tracks/playable.ts';
import { TrackStore } from './features/catalogue/tracks/store.ts';
import { TrackMaking } from './features/catalogue/tracks/track-making.ts';
import { sendMail } from './features/mail/service.ts';
import type { MailRequest } from './features/mail/templates.ts';
import { signMediaToken } from './features/media/token.ts';
import { DeadLetterStore } from './features/transcodes/dead-letters.ts';
import { TranscodeStore } from './features/transcodes/store.ts';
import { eraseUpload, eraseUploadsOfTrack } from './features/uploads/own-data.ts';
import { UploadStore } from './features/uploads/store.ts';
import { signingSecrets } from './platform/auth/auth-secrets.ts';
import { principalResolver } from './platform/auth/principal.ts';
import { openDatabase } from './platform/db.ts';
import type { Env } from './platform/env.ts';
import type { ImageDeps } from './platform/image-store.ts';
import { knownDevices } from './platform/limits/known-devices.ts';
import { bindingLimits } from './platform/limits/limits.ts';
import { parseSettings } from './platform/settings.ts';
import { accountsOf } from './wiring/accounts.ts';
import { answerCacheOf } from './wiring/answer-cache.ts';
import { peopleOfAudit } from './wiring/audit.ts';
import { catalogueOf, draftsOf } from './wiring/catalogue.ts';
import { forgetter, libraryOf } from './wiring/library.ts';
import { mailOf } from './wiring/mail.ts';
import { myDataOf } from './wiring/my-data.ts';
import { playlistsOf } from './wiring/playlists.ts';
import { playsOf } from './wiring/plays.ts';
import { transcoderOf } from './wiring/transcoder.ts';

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
  const playlists = playlistsOf(db, images, settings);
  const plays = playsOf(db, tracks, library.cards);
  const catalogue = catalogueOf({
    db,
    media,
    tracks,
    artists,
    accounts: accounts.store,
    cache,
    images,
    eraseUploadsOf: (trackId) => eraseUploadsOfTrack(uploadDeps, trackId),
    eraseUpload: (uploadId) => eraseUpload(uploadDeps, uploadId),
    handOverUploads: uploads.handOver.bind(uploads),
    forget: forgetter(library, plays),
  });
  const stores = {
    catalogue: catalogue.leaving,
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
    catalogue,
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
