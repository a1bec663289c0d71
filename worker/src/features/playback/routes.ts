import type { Env } from '../../platform/env.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import { defineRoute, featureApp, jsonBody } from '../../platform/route.ts';
import { makeGrant } from './grant.ts';
import type { FindPlayable, SignToken } from './ports.ts';
import { grantSchema, playbackRequestSchema } from './schemas.ts';

const playbackRoute = defineRoute({
  method: 'post',
  path: '/api/v1/playback',
  summary: 'Ask for the address that plays a track',
  description:
    'Published tracks are for everyone. Their owner may listen to a track while it is still being transcoded.',
  tags: ['Playback'],
  auth: 'public',
  limit: 'playback',
  errors: ['malformed_json', 'not_found', 'track_not_playable'],
  request: { body: { required: true, content: { 'application/json': { schema: playbackRequestSchema } } } },
  responses: { 200: jsonBody(grantSchema, 'The grant') },
});

/** What playback needs. */
export interface PlaybackDeps {
  findPlayable: FindPlayable;
  signToken: SignToken;
}

/** Returns the routes of playback. */
export function playbackApp(deps: (env: Env) => PlaybackDeps) {
  return featureApp().openapi(playbackRoute, async (c) => {
    const { findPlayable, signToken } = deps(c.env);
    const { trackId, ...wish } = c.req.valid('json');
    const principalId = c.var.principal?.id ?? null;
    const track = await findPlayable(trackId, principalId);
    if (track === 'not_found') throw notFound();
    if (track === 'not_yet') {
      throw new ProblemError('track_not_playable', 'This track has no sound yet. Try again in a moment.');
    }
    const grant = await makeGrant(track, wish, principalId ?? 'guest', Date.now() / 1000, signToken);
    const { durationSeconds, loudness, waveformUrl } = track;
    return c.json({ ...grant, durationSeconds, loudness, waveformUrl }, 200, { 'cache-control': 'no-store' });
  });
}
