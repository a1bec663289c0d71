import type { Env } from '../../platform/env.ts';
import { featureApp } from '../../platform/route.ts';
import { coversApp } from './cover-routes.ts';
import { entriesApp } from './entries/entry-routes.ts';
import { filesApp } from './files/file-routes.ts';
import { membersApp } from './members/member-routes.ts';
import { playlistHeadsApp } from './playlist-routes.ts';
import type { PlaylistDeps } from './service.ts';
import { smartApp } from './smart/smart-routes.ts';

/** Returns the routes of playlists, of what is in them and of who works on them. */
export function playlistsApp(deps: (env: Env) => PlaylistDeps) {
  return (
    featureApp()
      // Before the playlists, whose ids these paths would be taken for.
      .route('/', smartApp(deps))
      .route('/', playlistHeadsApp(deps))
      .route('/', entriesApp(deps))
      .route('/', membersApp(deps))
      .route('/', coversApp(deps))
      .route('/', filesApp(deps))
  );
}
