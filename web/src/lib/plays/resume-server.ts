import { apiClient, jsonOf } from '$lib/api/client.ts';
import type { ResumeServer } from './resume-keeper.ts';

const MOST_QUEUED = 500;

/** Returns the API as the keeper of places. */
export function resumeServer(): ResumeServer {
  const route = () => apiClient().api.v1.me.resume;
  return {
    revision: async () => (await jsonOf(route().$get())).revision,
    write: async ({ source, queue, ...place }, revision) => {
      const from =
        source && (source.id === null ? { kind: source.kind } : { kind: source.kind, id: source.id });
      const json = { ...place, queue: queue.slice(0, MOST_QUEUED), revision, ...(from && { source: from }) };
      // It may be the last thing that a page does.
      return (await jsonOf(route().$put({ json }, { init: { keepalive: true } }))).revision;
    },
  };
}
