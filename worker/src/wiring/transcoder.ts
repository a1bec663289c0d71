import type { Container } from '@cloudflare/containers';
import { containerTranscoder, httpTranscoder, type Transcoder } from '../features/transcodes/transcoder.ts';
import type { Env } from '../platform/env.ts';

/** Instances that jobs spread over; keep it at `max_instances` of the container in wrangler.toml. */
const TRANSCODER_INSTANCES = 5;

/** Returns a transcoder; each call may be another instance. */
export function transcoderOf(env: Env, url: string | null): Transcoder {
  if (url !== null) return httpTranscoder(url);
  const instance = `transcoder-${Math.floor(Math.random() * TRANSCODER_INSTANCES)}`;
  return containerTranscoder(env.TRANSCODER as DurableObjectNamespace<Container>, instance);
}
