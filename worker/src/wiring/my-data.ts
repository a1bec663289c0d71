import { leavingPeople } from '../features/accounts/leaving.ts';
import { exportAccount, exportAvatar } from '../features/accounts/own-data.ts';
import type { AccountStore } from '../features/accounts/store.ts';
import { eraseEvents, exportEvents } from '../features/audit/own-data.ts';
import type { AuditStore } from '../features/audit/store.ts';
import { exportCatalogue } from '../features/catalogue/export.ts';
import { eraseArtists, type LeavingDeps } from '../features/catalogue/leaving.ts';
import { eraseTracks, exportTracks } from '../features/catalogue/tracks/own-data.ts';
import type { TrackStore } from '../features/catalogue/tracks/store.ts';
import type { LibraryDeps } from '../features/library/service.ts';
import type { MailStore } from '../features/mail/store.ts';
import { eraseExports } from '../features/my-data/erase.ts';
import { ARCHIVE_BYTES, ROWS_AT_ONCE } from '../features/my-data/policy.ts';
import type { Eraser, SendDataMail } from '../features/my-data/ports.ts';
import { ExportStore } from '../features/my-data/store.ts';
import { erasePlaylists, exportPlaylists } from '../features/playlists/own-data.ts';
import type { PlaylistDeps } from '../features/playlists/service.ts';
import type { PlaysDeps } from '../features/plays/service.ts';
import { eraseUploads, exportUploads, originalsOf } from '../features/uploads/own-data.ts';
import type { ErasePort } from '../features/uploads/ports.ts';
import type { UploadDeps } from '../features/uploads/service.ts';
import type { UploadStore } from '../features/uploads/store.ts';
import type { Database } from '../platform/db.ts';
import type { Env } from '../platform/env.ts';
import { linkTokens } from '../platform/link-tokens.ts';
import { imagesPrefix } from '../platform/r2-keys.ts';
import { deletePrefix } from '../platform/r2-objects.ts';
import type { RecordSecurityEvent } from '../platform/security-events.ts';
import type { Settings } from '../platform/settings.ts';
import { libraryDocuments, libraryErasers } from './library.ts';
import { playsDocuments, playsErasers } from './plays.ts';

/** Documents of somebody for the copy of their data, one feature after the other. */
async function* documentsOf(db: Database, media: R2Bucket, stores: MyDataStores, userId: string) {
  const { audit, catalogue, playlists, tracks, uploads } = stores;
  const account = await exportAccount(db, userId);
  for (const [name, content] of Object.entries(account)) yield { path: `account/${name}.json`, content };
  yield* exportAvatar(db, media, userId);
  yield { path: 'account/securityEvents.json', content: await exportEvents(audit, userId) };
  yield { path: 'tracks.json', content: await exportTracks(tracks, userId) };
  yield* exportCatalogue({ ...catalogue, tracks }, userId);
  yield { path: 'uploads.json', content: await exportUploads(uploads, userId) };
  yield* libraryDocuments(stores.library, userId);
  yield* exportPlaylists(playlists, userId);
  yield* playsDocuments(stores.plays, userId);
}

/** The stores that keep something of people. */
export interface MyDataStores {
  accounts: AccountStore;
  audit: AuditStore;
  catalogue: LeavingDeps;
  library: LibraryDeps;
  plays: PlaysDeps;
  mail: MailStore;
  playlists: PlaylistDeps;
  tracks: TrackStore;
  uploads: UploadStore;
}

/** Returns what copies somebody’s data and removes it, feature by feature. */
export function myDataOf(
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
    // Before uploads and tracks: what stays with an artist is somebody else's from here on.
    artists: ({ id }) => eraseArtists(stores.catalogue, id, ROWS_AT_ONCE),
    uploads: ({ id }) => eraseUploads(uploadDeps, id, ROWS_AT_ONCE),
    ...libraryErasers(stores.library, tracks, ROWS_AT_ONCE),
    ...playsErasers(stores.plays, tracks, ROWS_AT_ONCE),
    tracks: ({ id }) => eraseTracks({ store: tracks, media }, id, ROWS_AT_ONCE),
    images: async ({ id }) => {
      await deletePrefix(media, imagesPrefix(id));
      return true;
    },
    playlists: ({ id }) => erasePlaylists(playlists, id, ROWS_AT_ONCE),
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
