import { z } from '@hono/zod-openapi';
import type { Env } from '../../platform/env.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import { type ImageDeps, removeImage, replaceImage } from '../../platform/image-store.ts';
import {
  cropOf,
  cropQuerySchema,
  PICTURE_ERRORS,
  pictureBody,
  type StoredImage,
} from '../../platform/images.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import { handleProblem, normalizeHandle } from './handles.ts';
import { accountOf } from './people.ts';
import { presentMe, presentProfile } from './present-person.ts';
import { changeMeSchema, meSchema, profileSchema } from './schemas.ts';
import type { AccountStore } from './store.ts';

/** What the routes of profiles need. */
export interface ProfilesDeps {
  store: AccountStore;
  images: ImageDeps;
  isProduction: boolean;
}

const profileRoute = defineRoute({
  method: 'get',
  path: '/api/v1/people/{handle}',
  summary: 'Somebody’s public profile',
  description: 'There is none of people who hide theirs, but for themselves.',
  tags: ['People'],
  auth: 'public',
  errors: ['not_found'],
  request: { params: z.object({ handle: z.string().min(1).max(100) }) },
  responses: { 200: jsonBody(profileSchema, 'The profile') },
});

const changeMeRoute = defineRoute({
  method: 'patch',
  path: '/api/v1/me',
  summary: 'Change what I say of myself: name, handle, language, a few words, who sees my profile',
  tags: ['Account'],
  auth: 'account:write',
  errors: ['no_account', 'malformed_json', 'handle_taken', 'handle_not_allowed'],
  request: { body: { required: true, content: { 'application/json': { schema: changeMeSchema } } } },
  responses: { 200: jsonBody(meSchema, 'My account as it is now') },
});

const setAvatarRoute = defineRoute({
  method: 'put',
  path: '/api/v1/me/avatar',
  summary: 'Give myself a picture',
  description:
    'PNG, JPEG or WebP of up to 5 MiB; its bytes decide, not its media type. What cameras write beside the picture is left out.',
  tags: ['Account'],
  auth: 'account:write',
  limit: 'pictures',
  errors: ['no_account', 'not_found', ...PICTURE_ERRORS],
  request: { query: cropQuerySchema, body: pictureBody },
  responses: { 200: jsonBody(meSchema, 'My account as it is now') },
});

const removeAvatarRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/me/avatar',
  summary: 'Take my picture away',
  description: 'Repeatable.',
  tags: ['Account'],
  auth: 'account:write',
  errors: ['no_account'],
  responses: { 204: { description: 'There is none any more' } },
});

/** How often a picture is tried to be written while others of the same person are. */
const SWAP_ATTEMPTS = 5;

/** Gives a person a picture, or none, and returns what they had until that moment. Throws `not_found`. */
async function swapAvatar(
  store: AccountStore,
  userId: string,
  avatar: StoredImage | null,
): Promise<StoredImage | null> {
  for (let attempt = 0; attempt < SWAP_ATTEMPTS; attempt++) {
    const row = await store.findUser(userId);
    if (row === null) throw notFound();
    if (await store.setAvatar(userId, row.avatar, avatar, new Date())) return row.avatar;
  }
  throw new ProblemError('unavailable', 'Your picture is being changed elsewhere. Try again.');
}

/** Returns the routes of what people say of themselves. */
export function profilesApp(deps: (env: Env) => ProfilesDeps) {
  return featureApp()
    .openapi(profileRoute, async (c) => {
      const { store, isProduction } = deps(c.env);
      const row = await store.findByHandle(normalizeHandle(c.req.valid('param').handle));
      if (row === null || row.deletesAt !== null) throw notFound();
      // An address that nobody confirmed must not show by its profile that it was signed up with.
      const isHidden = row.profileVisibility === 'hidden' || (isProduction && !row.emailVerified);
      if (isHidden && c.var.principal?.id !== row.id) throw notFound();
      return c.json(presentProfile(row), 200);
    })
    .openapi(changeMeRoute, async (c) => {
      const { store } = deps(c.env);
      const { id } = await accountOf(store, c.var.principal);
      const { handle: wished, ...rest } = c.req.valid('json');
      const handle = wished === undefined ? undefined : normalizeHandle(wished);
      const problem = handle === undefined ? null : handleProblem(handle);
      if (problem !== null) throw new ProblemError('handle_not_allowed', problem);
      const change = { ...rest, ...(handle === undefined ? {} : { handle }) };
      const row = await store.updateUser(id, change, new Date());
      if (row === null) throw new ProblemError('handle_taken', 'This handle is taken.');
      return c.json(presentMe(row), 200);
    })
    .openapi(setAvatarRoute, async (c) => {
      const { store, images } = deps(c.env);
      const row = await accountOf(store, c.var.principal);
      const target = { kind: 'avatar', ownerId: row.id, crop: cropOf(c.req.valid('query')) } as const;
      const avatar = await replaceImage(images, target, c.req.raw, (image) =>
        swapAvatar(store, row.id, image),
      );
      return c.json(presentMe({ ...row, avatar }), 200);
    })
    .openapi(removeAvatarRoute, async (c) => {
      const { store, images } = deps(c.env);
      const { id } = await accountOf(store, c.var.principal);
      await removeImage(images.media, await swapAvatar(store, id, null));
      return c.body(null, 204);
    });
}
