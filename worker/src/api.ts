import { accountsApp } from './features/accounts/routes.ts';
import { recordAnswers } from './features/audit/record-answers.ts';
import { auditApp } from './features/audit/routes.ts';
import { catalogueApp } from './features/catalogue/routes.ts';
import { healthApp } from './features/health/routes.ts';
import { imagesApp } from './features/images/routes.ts';
import { libraryApp } from './features/library/routes.ts';
import { mailApp } from './features/mail/routes.ts';
import { mediaApp } from './features/media/routes.ts';
import { myDataApp } from './features/my-data/routes.ts';
import { playbackApp } from './features/playback/routes.ts';
import { playlistsApp } from './features/playlists/routes.ts';
import { playsApp } from './features/plays/routes.ts';
import { transcodesApp } from './features/transcodes/routes.ts';
import { uploadsApp } from './features/uploads/routes.ts';
import { baseApp } from './platform/app.ts';
import { markWriter } from './platform/cache/public-answer.ts';
import { mountReference } from './reference.ts';
import { servicesOf } from './services.ts';
import { sweepApp } from './sweep-route.ts';

/** Returns the whole API: every feature on one app. */
export function createApi() {
  const base = baseApp({
    resolvePrincipal: (env) => servicesOf(env).resolvePrincipal,
    limits: (env) => servicesOf(env).limits,
    isLogging: (env) => servicesOf(env).settings.logLevel === 'info',
  });
  const recording = recordAnswers((env) => servicesOf(env).audit);
  for (const path of ['/api/auth/*', '/api/v1/me/*']) base.use(path, recording);
  const marking = markWriter((env) => servicesOf(env).cache.boundSeconds);
  for (const what of ['artists', 'releases', 'tracks']) base.use(`/api/v1/${what}/*`, marking);
  const api = base
    .route(
      '/',
      healthApp((env) => servicesOf(env).health),
    )
    .route(
      '/',
      accountsApp((env) => servicesOf(env).accounts),
    )
    .route(
      '/',
      auditApp((env) => servicesOf(env).audit),
    )
    .route(
      '/',
      myDataApp((env) => servicesOf(env).myData),
    )
    .route(
      '/',
      uploadsApp((env) => servicesOf(env).uploads),
    )
    .route(
      '/',
      catalogueApp((env) => servicesOf(env).catalogue),
    )
    .route(
      '/',
      libraryApp((env) => servicesOf(env).library),
    )
    .route(
      '/',
      playsApp((env) => servicesOf(env).plays),
    )
    .route(
      '/',
      playbackApp((env) => servicesOf(env).playback),
    )
    .route(
      '/',
      playlistsApp((env) => servicesOf(env).playlists),
    )
    .route(
      '/',
      transcodesApp((env) => servicesOf(env).operator),
    )
    .route(
      '/',
      imagesApp((env) => servicesOf(env).images),
    )
    .route(
      '/',
      mailApp((env) => servicesOf(env).mail),
    )
    .route('/', sweepApp())
    .route(
      '/',
      mediaApp((env) => servicesOf(env).settings.mediaKeys),
    );
  mountReference(api);
  return api;
}

/** The API's type, for Hono's typed client. */
export type Api = ReturnType<typeof createApi>;
