import { z } from '@hono/zod-openapi';
import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { jsonRequest } from '../json-request.ts';
import { MAX_INVITATIONS, MAX_MEMBERS } from '../policy.ts';
import {
  invitationParamsSchema,
  invitationSchema,
  invitationTokenSchema,
  invitedSchema,
  memberParamsSchema,
  memberSchema,
  newInvitationSchema,
  playlistParamsSchema,
  playlistSchema,
} from '../schemas.ts';
import { editableBy, ownedBy, type PlaylistDeps, presentOne, seenBy } from '../service.ts';
import type { InvitationRow } from './member-store.ts';

const params = { params: playlistParamsSchema };

const membersRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/{playlistId}/members',
  summary: 'Who works on a playlist',
  tags: ['Playlists'],
  auth: 'library:read',
  errors: ['not_found'],
  request: params,
  responses: { 200: jsonBody(z.object({ items: z.array(memberSchema) }), 'All of them') },
});

const removeMemberRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/playlists/{playlistId}/members/{handle}',
  summary: 'Take somebody off a playlist, or leave it',
  description: 'The owner may take off any editor; an editor themselves. What they put in stays.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found'],
  request: { params: memberParamsSchema },
  responses: { 204: { description: 'They may change it no more' } },
});

const inviteRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlists/{playlistId}/invitations',
  summary: 'Make a link that makes editors',
  description:
    'Whoever shows its token within seven days becomes an editor. Send it as part of an address that no server sees, behind a `#`.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found', 'playlist_is_smart', 'too_many_members'],
  request: params,
  responses: { 201: jsonBody(newInvitationSchema, 'The link') },
});

const invitationsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/playlists/{playlistId}/invitations',
  summary: 'Links that still invite to a playlist',
  tags: ['Playlists'],
  auth: 'library:read',
  errors: ['not_found'],
  request: params,
  responses: { 200: jsonBody(z.object({ items: z.array(invitationSchema) }), 'All of them') },
});

const revokeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/playlists/{playlistId}/invitations/{invitationId}',
  summary: 'Make a link invite no more',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['not_found'],
  request: { params: invitationParamsSchema },
  responses: { 204: { description: 'It opens nothing' } },
});

const lookRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlist-invitations/look',
  summary: 'What a link invites to',
  tags: ['Playlists'],
  auth: 'public',
  errors: ['malformed_json', 'token_invalid', 'token_expired'],
  request: jsonRequest(invitationTokenSchema),
  responses: { 200: jsonBody(invitedSchema, 'The playlist and whose it is') },
});

const acceptRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playlist-invitations/accept',
  summary: 'Become an editor by a link',
  description: 'Repeatable. The token is in the body, where no log keeps it.',
  tags: ['Playlists'],
  auth: 'playlists:write',
  errors: ['malformed_json', 'token_invalid', 'token_expired', 'too_many_members'],
  request: jsonRequest(invitationTokenSchema),
  responses: { 200: jsonBody(playlistSchema, 'The playlist') },
});

function presentInvitation({ id, createdAtMs, expiresAtMs }: InvitationRow) {
  return {
    invitationId: id,
    createdAt: new Date(createdAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

async function invitedTo({ members }: PlaylistDeps, token: string): Promise<string> {
  const found = await members.findInvitation(token);
  if (found === null) throw new ProblemError('token_invalid', 'This link invites to nothing any more.');
  if (found.expiresAtMs <= Date.now()) {
    throw new ProblemError('token_expired', 'This link has expired. Ask for a new one.');
  }
  return found.playlistId;
}

/** Returns the routes by which several people work on one playlist. */
export function membersApp(deps: (env: Env) => PlaylistDeps) {
  return featureApp()
    .openapi(membersRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId } = c.req.valid('param');
      await editableBy(own, playlistId, requirePrincipal(c.var.principal).id);
      const rows = await own.members.list(playlistId);
      const people = await own.findPeople(rows.map(({ userId }) => userId));
      const items = rows.map(({ userId, role, createdAtMs }) => ({
        person: people.get(userId) ?? null,
        role,
        since: new Date(createdAtMs).toISOString(),
      }));
      return c.json({ items }, 200);
    })
    .openapi(removeMemberRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId, handle } = c.req.valid('param');
      const { id } = requirePrincipal(c.var.principal);
      const { role } = await editableBy(own, playlistId, id);
      const personId = (await own.findPerson(handle))?.id ?? null;
      if (role !== 'owner' && personId !== id) {
        throw new ProblemError('forbidden', 'Only its owner may take others off it.');
      }
      if (personId === null || !(await own.members.remove(playlistId, personId))) throw notFound();
      return c.body(null, 204);
    })
    .openapi(inviteRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId } = c.req.valid('param');
      const { rules } = await ownedBy(own, playlistId, requirePrincipal(c.var.principal).id);
      if (rules !== null) throw new ProblemError('playlist_is_smart', 'Its rules choose what is in it.');
      const made = await own.members.invite(playlistId, Date.now());
      if (made === null) {
        throw new ProblemError('too_many_members', `There are ${MAX_INVITATIONS} links already; revoke one.`);
      }
      return c.json({ ...presentInvitation(made.row), token: made.token }, 201);
    })
    .openapi(invitationsRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId } = c.req.valid('param');
      await ownedBy(own, playlistId, requirePrincipal(c.var.principal).id);
      const rows = await own.members.listInvitations(playlistId, Date.now());
      return c.json({ items: rows.map(presentInvitation) }, 200);
    })
    .openapi(revokeRoute, async (c) => {
      const own = deps(c.env);
      const { playlistId, invitationId } = c.req.valid('param');
      await ownedBy(own, playlistId, requirePrincipal(c.var.principal).id);
      if (!(await own.members.revoke(playlistId, invitationId))) throw notFound();
      return c.body(null, 204);
    })
    .openapi(lookRoute, async (c) => {
      const own = deps(c.env);
      const row = await own.store.find(await invitedTo(own, c.req.valid('json').token), null);
      if (row === null) throw new ProblemError('token_invalid', 'This link invites to nothing any more.');
      const people = await own.findPeople([row.ownerId]);
      return c.json({ playlistId: row.id, title: row.title, owner: people.get(row.ownerId) ?? null }, 200);
    })
    .openapi(acceptRoute, async (c) => {
      const own = deps(c.env);
      const { id } = requirePrincipal(c.var.principal);
      const { token } = c.req.valid('json');
      const playlistId = await invitedTo(own, token);
      if (!(await own.members.accept(token, id, Date.now()))) {
        throw new ProblemError('too_many_members', `At most ${MAX_MEMBERS} people work on one playlist.`);
      }
      return c.json(await presentOne(own, await seenBy(own, playlistId, id)), 200);
    });
}
