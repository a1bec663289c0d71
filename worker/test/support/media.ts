import type { MediaClaims } from '../../src/features/media/claims.ts';
import { signMediaToken } from '../../src/features/media/token.ts';
import type { Env } from '../../src/platform/env.ts';
import { newId } from '../../src/platform/ids.ts';
import { hlsKey } from '../../src/platform/r2-keys.ts';
import { type Api, apiWith, bindingsWith, type Call } from './api.ts';
import { MEDIA_KEYS } from './people.ts';

/** A bucket that remembers which of its methods were called. */
export function watched(bucket: R2Bucket): { bucket: R2Bucket; calls: string[] } {
  const calls: string[] = [];
  const proxy = new Proxy(bucket, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        calls.push(`${String(name)} ${String(args[0])}`);
        return member.apply(target, args);
      };
    },
  });
  return { bucket: proxy, calls };
}

/** The segment that stands for all: 1,000 bytes that say where they are. */
export const SEGMENT = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
export const PLAYLIST = '#EXTM3U\n#EXT-X-VERSION:7\n0.m4s\n';

/** A version in the bucket, tokens for it, and a gateway whose bucket is watched. */
export interface PublishedVersion {
  trackId: string;
  version: string;
  api: Api;
  /** Calls that reached R2 through the gateway. */
  calls: string[];
  token(change?: Partial<MediaClaims>): Promise<string>;
  /** Asks for an object with a token. */
  ask(path: string, token: string, call?: Call): Promise<Response>;
}

export async function publishVersion(overrides: Partial<Env> = {}): Promise<PublishedVersion> {
  const trackId = newId('trk');
  const version = newId('ver');
  const { bucket, calls } = watched(bindingsWith({}).MEDIA);
  const put = (path: string, body: string | Uint8Array, contentType: string) =>
    bindingsWith({}).MEDIA.put(hlsKey(trackId, version, path), body, { httpMetadata: { contentType } });
  for (const rendition of ['64', '128', '192', '320', 'lossless']) {
    await put(`${rendition}/0.m4s`, SEGMENT, 'audio/mp4');
    await put(`${rendition}/init.mp4`, 'init', 'audio/mp4');
    await put(`${rendition}/playlist.m3u8`, PLAYLIST, 'application/vnd.apple.mpegurl');
  }
  for (const master of ['master', 'master-64', 'master-128', 'master-192', 'lossless']) {
    await put(`${master}.m3u8`, PLAYLIST, 'application/vnd.apple.mpegurl');
  }
  await put('waveform.json', '{}', 'application/json');
  const api = apiWith(bindingsWith({ MEDIA: bucket, ...overrides }));
  return {
    trackId,
    version,
    api,
    calls,
    token: (change = {}) => signMediaToken({ ...claimsOf(trackId, version), ...change }, MEDIA_KEYS),
    ask: (path, token, call) => api(`/media/${token}/${trackId}/${version}/${path}`, call),
  };
}

let session = 0;

/** Returns claims that open everything for an hour; each call is another session, so another token. */
export function claimsOf(trackId: string, version: string): MediaClaims {
  const iat = Math.floor(Date.now() / 1000);
  return {
    trk: trackId,
    ver: version,
    max: 320,
    lossless: 1,
    live: 0,
    ses: `ses-${session++}`,
    iat,
    exp: iat + 3600,
  };
}
