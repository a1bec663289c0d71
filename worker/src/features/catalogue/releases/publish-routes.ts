import type { Env } from '../../../platform/env.ts';
import { ProblemError } from '../../../platform/errors.ts';
import { cropOf, cropQuerySchema, PICTURE_ERRORS, pictureBody } from '../../../platform/images.ts';
import { putPicture, takePicture } from '../../../platform/picture-swap.ts';
import { defineRoute, featureApp, jsonBody } from '../../../platform/route.ts';
import { publishNow, schedule, withdraw, wrongState } from './publishing.ts';
import {
  editReleaseSchema,
  releaseParamsSchema,
  scheduledSchema,
  scheduleSchema,
} from './release-schemas.ts';
import { editRelease, type ReleasesDeps, requireRelease } from './release-service.ts';
import { isTimeZone, momentOf } from './zoned-time.ts';

/** Further ahead nobody plans. */
const FURTHEST_MS = 3 * 366 * 86_400_000;
const TAGS = ['Releases'];

const transition = {
  method: 'post',
  tags: TAGS,
  auth: 'tracks:upload',
  request: { params: releaseParamsSchema },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
} as const;

const publishRoute = defineRoute({
  ...transition,
  path: '/api/v1/releases/{releaseId}/publish',
  summary: 'Publish a release now',
  description: '`release_incomplete` names in `checklist` what is missing.',
  errors: ['not_found', 'release_incomplete', 'release_state'],
});

const withdrawRoute = defineRoute({
  ...transition,
  path: '/api/v1/releases/{releaseId}/withdraw',
  summary: 'Make a public release private again',
  errors: ['not_found', 'release_state'],
});

const unscheduleRoute = defineRoute({
  ...transition,
  path: '/api/v1/releases/{releaseId}/unschedule',
  summary: 'Have a scheduled release not come out by itself',
  errors: ['not_found', 'release_state'],
});

const scheduleRoute = defineRoute({
  method: 'post',
  path: '/api/v1/releases/{releaseId}/schedule',
  summary: 'Have a release come out by itself',
  description:
    'A day and time on the clocks of a zone, within three years. What is missing is asked for now, so that nothing is missing then.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['malformed_json', 'not_found', 'release_incomplete', 'release_state'],
  request: {
    params: releaseParamsSchema,
    body: { required: true, content: { 'application/json': { schema: scheduleSchema } } },
  },
  responses: { 200: jsonBody(scheduledSchema, 'When it comes out') },
});

const putArtworkRoute = defineRoute({
  method: 'put',
  path: '/api/v1/releases/{releaseId}/artwork',
  summary: 'Give a release a cover',
  description: 'PNG, JPEG or WebP; its bytes decide, not its media type.',
  tags: TAGS,
  auth: 'tracks:upload',
  limit: 'pictures',
  errors: ['not_found', ...PICTURE_ERRORS],
  request: { params: releaseParamsSchema, query: cropQuerySchema, body: pictureBody },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

const deleteArtworkRoute = defineRoute({
  method: 'delete',
  path: '/api/v1/releases/{releaseId}/artwork',
  summary: 'Decide that a release has no cover',
  description: 'Repeatable. No file’s cover takes its place.',
  tags: TAGS,
  auth: 'tracks:upload',
  errors: ['not_found', 'unavailable'],
  request: { params: releaseParamsSchema },
  responses: { 200: jsonBody(editReleaseSchema, 'The release') },
});

function invalid(path: string, message: string): ProblemError {
  return new ProblemError('validation_failed', `${path}: ${message}`, { issues: [{ path, message }] });
}

/** Returns the routes that publish releases and give them covers. */
export function publishingApp(deps: (env: Env) => ReleasesDeps) {
  return featureApp()
    .openapi(publishRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      const { release } = await requireRelease(own, releaseId, c.var.principal);
      return c.json(await editRelease(own, releaseId, c.var.principal, () => publishNow(own, release)), 200);
    })
    .openapi(withdrawRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      const { release } = await requireRelease(own, releaseId, c.var.principal);
      return c.json(await editRelease(own, releaseId, c.var.principal, () => withdraw(own, release)), 200);
    })
    .openapi(unscheduleRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const unschedule = async () => {
        if (!(await own.releases.schedule(releaseId, ['scheduled'], null, Date.now())))
          throw wrongState('It is not scheduled.');
      };
      return c.json(await editRelease(own, releaseId, c.var.principal, unschedule), 200);
    })
    .openapi(scheduleRoute, async (c) => {
      const own = deps(c.env);
      const { release } = await requireRelease(own, c.req.valid('param').releaseId, c.var.principal);
      const { localDateTime, timeZone } = c.req.valid('json');
      if (!isTimeZone(timeZone)) throw invalid('timeZone', 'is no time zone, such as Europe/Riga');
      const { instantMs, clock } = momentOf(localDateTime, timeZone);
      const aheadMs = instantMs - Date.now();
      if (aheadMs <= 0) throw invalid('localDateTime', 'is over');
      if (aheadMs > FURTHEST_MS) throw invalid('localDateTime', 'is more than three years ahead');
      await schedule(own, release, { publishAtMs: instantMs, timeZone });
      return c.json({ publishAt: new Date(instantMs).toISOString(), clock }, 200);
    })
    .openapi(putArtworkRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const target = { kind: 'cover', ownerId: releaseId, crop: cropOf(c.req.valid('query')) } as const;
      const put = () => putPicture(own.images, target, c.req.raw, own.releases.artworkOf(releaseId));
      return c.json(await editRelease(own, releaseId, c.var.principal, put), 200);
    })
    .openapi(deleteArtworkRoute, async (c) => {
      const own = deps(c.env);
      const { releaseId } = c.req.valid('param');
      await requireRelease(own, releaseId, c.var.principal);
      const take = () => takePicture(own.images, own.releases.artworkOf(releaseId));
      return c.json(await editRelease(own, releaseId, c.var.principal, take), 200);
    });
}
