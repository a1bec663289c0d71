import { apiClient, jsonOf, succeed } from '$lib/api/client.ts';

export type LikeKind = 'track' | 'release' | 'artist' | 'playlist';
export type FollowKind = 'artist' | 'person';

/** How somebody stands to a thing. */
export interface Standing {
  liked: boolean;
  followed: boolean;
  stars: number | null;
}

/** A wish; `id` of a person is `@handle`. */
export type Change =
  | { relation: 'like'; kind: LikeKind; id: string; wanted: boolean }
  | { relation: 'follow'; kind: FollowKind; id: string; wanted: boolean }
  | { relation: 'rate'; id: string; stars: number | null };

/** What is asked of the API, so that the rules can be tried without one. Rejects with ApiError. */
export interface RelationsServer {
  read(ids: readonly string[]): Promise<readonly ({ id: string } & Standing)[]>;
  change(change: Change): Promise<unknown>;
}

/** Returns the API as the source of relations. */
export function relationsServer(): RelationsServer {
  const me = () => apiClient().api.v1.me;
  return {
    read: async (ids) => (await jsonOf(me().relations.$get({ query: { ids: ids.join() } }))).items,
    change: (change) => {
      if (change.relation === 'rate') {
        const route = me().ratings[':id'];
        const param = { id: change.id };
        return change.stars === null
          ? succeed(route.$delete({ param }))
          : succeed(route.$put({ param, json: { stars: change.stars } }));
      }
      if (change.relation === 'like') {
        const route = me().likes[':kind'][':id'];
        const param = { kind: change.kind, id: change.id };
        return succeed(change.wanted ? route.$put({ param }) : route.$delete({ param }));
      }
      const route = me().follows[':kind'][':id'];
      const param = { kind: change.kind, id: change.id.replace(/^@/, '') };
      return succeed(change.wanted ? route.$put({ param }) : route.$delete({ param }));
    },
  };
}
