import type { InferResponseType } from 'hono/client';
import { type ApiClient, apiClient, jsonOf } from '$lib/api/client.ts';

type Outbox = ApiClient['api']['v1']['dev']['outbox'];
export type OutboxPage = InferResponseType<Outbox['$get'], 200>;
export type OutboxItem = OutboxPage['items'][number];
export type OutboxMessage = InferResponseType<Outbox[':mailId']['$get'], 200>;

/** What a page depends on that shows the outbox. */
export const OUTBOX = 'melro:outbox';

/** Returns the newest messages. Throws ApiError; 404 where there is no outbox. */
export function loadOutbox(fetchFn: typeof fetch): Promise<OutboxPage> {
  return jsonOf(apiClient(fetchFn).api.v1.dev.outbox.$get({ query: { limit: '100' } }));
}

/** Returns one message. Throws ApiError. */
export function loadMessage(fetchFn: typeof fetch, mailId: string): Promise<OutboxMessage> {
  return jsonOf(apiClient(fetchFn).api.v1.dev.outbox[':mailId'].$get({ param: { mailId } }));
}
