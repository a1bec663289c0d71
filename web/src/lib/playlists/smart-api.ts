import type { InferRequestType, InferResponseType } from 'hono/client';
import { type ApiClient, apiClient, jsonOf } from '$lib/api/client.ts';
import type { SmartRules } from './smart-rules.ts';

type Playlists = ApiClient['api']['v1']['playlists'];
type SentRules = InferRequestType<Playlists['smart']['preview']['$post']>['json']['rules'];
export type SmartField = InferResponseType<Playlists['smart']['fields']['$get'], 200>['items'][number];
export type SmartPreview = InferResponseType<Playlists['smart']['preview']['$post'], 200>;

const playlists = (fetchFn?: typeof fetch) => apiClient(fetchFn).api.v1.playlists;

/** The API writes out three levels of groups where our type is recursive; the editor makes no more than it takes. */
const sent = (rules: SmartRules) => rules as SentRules;

/** Returns what rules may ask. Rejects with ApiError, as all of these. */
export async function readSmartFields(fetchFn: typeof fetch): Promise<SmartField[]> {
  return (await jsonOf(playlists(fetchFn).smart.fields.$get())).items;
}

/** Returns what a playlist with these rules would hold. */
export function previewRules(rules: SmartRules, signal: AbortSignal): Promise<SmartPreview> {
  return jsonOf(playlists().smart.preview.$post({ json: { rules: sent(rules) } }, { init: { signal } }));
}

export function createSmart(title: string, rules: SmartRules) {
  return jsonOf(playlists().$post({ json: { title, rules: sent(rules) } }));
}

export function changeRules(playlistId: string, title: string, rules: SmartRules) {
  return jsonOf(
    playlists()[':playlistId'].$patch({ param: { playlistId }, json: { title, rules: sent(rules) } }),
  );
}
