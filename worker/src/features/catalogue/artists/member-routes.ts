import { requirePrincipal } from '../../../platform/auth/guard.ts';
import type { Env } from '../../../platform/env.ts';
import { notFound, ProblemError } from '../../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { requireMember, requireOwner } from '../access.ts';
import type { ArtistsDeps } from './artist-routes.ts';
import {
  addMemberSchema,
  artistParamsSchema,
  changeMemberSchema,
  memberParamsSchema,
  memberSchema,
  membersSchema,
} from './artist-schemas.ts';
import type { MemberRow } from './artist-store.ts';

/** More would be a fan club. */
const MOST_MEMBERS = 50;

const listRoute = defineRoute({
  method: 'get',
  path: '/api/v1/artists/{artistId}/members',
  summary: 'Who looks after an artist',
  tags: ['Artists'],
  auth: 'library:read',
  errors: ['not_found'],
  request: { params: artistParamsSchema },
  responses: { 200: jsonBody(membersSchema, 'All members, owners first') },
});

const addRoute = defineRoute({
  method: 'post',
  path: '/api/v1/artists/{artistId}/members',
  summary: 'Let somebody look after an artist too',
  description: 'Owners only. An editor may change everything but the members.',
  tags: ['Artists'],
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'member_conflict'],
  request: {
    params: artistParamsSchema,
    body: { required: true, content: { 'application/json': { schema: addMemberSchema } } },
  },
  responses: { 201: jsonBody(memberSchema, 'The member') },
});

const changeRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/artists/{artistId}/members/{userId}',
  summary: 'Make an editor an owner, or an owner an editor',
  tags: ['Artists'],
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'last_owner'],
  request: {
    params: memberParamsSchema,
    body: { required: true, content: { 'application/json': { schema: changeMemberSchema } } },
  },
  responses: { 204: { description: 'It is so' } },
});

const removeRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/artists/{artistId}/members/{userId}',
  summary: 'Take a member out, or leave',
  description: 'Owners take anybody out; everybody may leave. The last owner stays.',
  tags: ['Artists'],
  auth: 'tracks:upload',
  errors: ['not_found', 'last_owner'],
  request: { params: memberParamsSchema },
  responses: { 204: { description: 'They are no member' } },
});

function lastOwner(): ProblemError {
  return new ProblemError('last_owner', 'Somebody must own this artist. Make another member an owner first.');
}

/** Returns the routes of who looks after an artist. */
export function artistMembersApp(deps: (env: Env) => ArtistsDeps) {
  async function present({ people }: ArtistsDeps, rows: readonly MemberRow[]) {
    const cards = await people.findCards(rows.map(({ userId }) => userId));
    return rows.map(({ userId, role, createdAtMs }) => ({
      userId,
      person: cards.get(userId) ?? null,
      role,
      since: new Date(createdAtMs).toISOString(),
    }));
  }

  return featureApp()
    .openapi(listRoute, async (c) => {
      const own = deps(c.env);
      const { artist } = await requireMember(own.store, c.req.valid('param').artistId, c.var.principal);
      const items = await present(own, await own.store.listMembers(artist.id, MOST_MEMBERS));
      return c.json({ items }, 200);
    })
    .openapi(addRoute, async (c) => {
      const own = deps(c.env);
      const { artist } = await requireOwner(own.store, c.req.valid('param').artistId, c.var.principal);
      const { handle, role } = c.req.valid('json');
      const userId = await own.people.findIdByHandle(handle.replace(/^@/, ''));
      if (userId === null) throw notFound('Nobody here has this handle.');
      const member = { artistId: artist.id, userId, role, createdAtMs: Date.now() };
      if (!(await own.store.addMember(member, MOST_MEMBERS)))
        throw new ProblemError(
          'member_conflict',
          `They are a member already, or there are ${MOST_MEMBERS} members.`,
        );
      const [answer] = await present(own, [member]);
      if (answer === undefined) throw notFound();
      return c.json(answer, 201);
    })
    .openapi(changeRoute, async (c) => {
      const { store } = deps(c.env);
      const { artistId, userId } = c.req.valid('param');
      await requireOwner(store, artistId, c.var.principal);
      if ((await store.roleOf(artistId, userId)) === null) throw notFound('They are no member.');
      if (!(await store.setRole(artistId, userId, c.req.valid('json').role))) throw lastOwner();
      return c.body(null, 204);
    })
    .openapi(removeRoute, async (c) => {
      const { store } = deps(c.env);
      const { artistId, userId } = c.req.valid('param');
      const isLeaving = requirePrincipal(c.var.principal).id === userId;
      await (isLeaving ? requireMember : requireOwner)(store, artistId, c.var.principal);
      if ((await store.roleOf(artistId, userId)) === null) throw notFound('They are no member.');
      if (!(await store.removeMember(artistId, userId))) throw lastOwner();
      return c.body(null, 204);
    });
}
