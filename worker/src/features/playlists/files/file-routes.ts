import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { MATCHED_BY } from '../../../platform/match-tracks.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { playlistParamsSchema, titleSchema } from '../schemas.ts';
import { type PlaylistDeps, seenBy } from '../service.ts';
import { exportPlaylist } from './export-playlist.ts';
import { FORMAT_NAMES, FORMATS } from './formats.ts';
import { importPlaylist } from './import-playlist.ts';

const file = { schema: z.string().openapi({ format: 'binary' }) };
/** JSPF is XSPF as JSON: https://www.xspf.org/jspf */
const jspf = { schema: z.object({ playlist: z.looseObject({ title: z.string() }) }).openapi('JspfPlaylist') };

const exportRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/{playlistId}/export',
  summary: 'A playlist as a file',
  description:
    'M3U8, XSPF or JSPF. Each track has its Melro identifier and the address of its page; of those that are not available to whoever asks, no more than that.',
  tags: ['Playlists'],
  auth: 'public',
  errors: ['not_found'],
  request: {
    params: playlistParamsSchema,
    query: z.object({ format: z.enum(FORMAT_NAMES).default('m3u8') }),
  },
  responses: {
    200: {
      description: 'The file',
      content: Object.fromEntries(
        FORMAT_NAMES.map((name) => [FORMATS[name].contentType, name === 'jspf' ? jspf : file]),
      ),
    },
  },
});

const importedSchema = z
  .object({
    playlistId: z.string(),
    title: z.string(),
    /** Tracks that were found, and by what; `line` is that of an M3U, else the place of the track in the file. */
    matched: z.array(z.object({ line: z.int(), by: z.enum(MATCHED_BY) })),
    unmatched: z.array(
      z.object({ line: z.int(), title: z.string().nullable(), artist: z.string().nullable() }),
    ),
  })
  .openapi('ImportedPlaylist');

const importRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/playlist-imports/{playlistId}',
  summary: 'Make a playlist of a file',
  description:
    'M3U, M3U8, XSPF or JSPF of up to 1 MiB; its content decides, not its media type. Tracks are recognised by their Melro identifier, else their ISRC, else title and artist. The client makes the id; the same file under the same id changes nothing.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  limit: 'playlist_imports',
  errors: [
    'not_found',
    'file_too_large',
    'unsupported_playlist',
    'playlist_full',
    'playlist_is_smart',
    'too_many_playlists',
  ],
  request: {
    params: playlistParamsSchema,
    query: z.object({ title: titleSchema.optional() }),
    body: { required: true, content: { 'application/octet-stream': file } },
  },
  responses: { 200: jsonBody(importedSchema, 'What became of each track') },
});

/** Returns the routes of playlists that come from files and become files. */
export function filesApp(deps: (env: Env) => PlaylistDeps) {
  return featureApp()
    .openapi(exportRoute, async (c) => {
      const own = deps(c.env);
      const viewerId = c.var.principal?.id ?? null;
      const playlist = await seenBy(own, c.req.valid('param').playlistId, viewerId);
      return exportPlaylist(own, playlist, viewerId, c.req.valid('query').format);
    })
    .openapi(importRoute, async (c) => {
      const userId = requirePrincipal(c.var.principal).id;
      const target = { ...c.req.valid('param'), userId, title: c.req.valid('query').title };
      return c.json(await importPlaylist(deps(c.env), target, c.req.raw), 200);
    });
}
