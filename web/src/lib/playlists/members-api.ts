import type { InferResponseType } from 'hono/client';
import { type ApiClient, apiClient, jsonOf, succeed } from '$lib/api/client.ts';

type One = ApiClient['api']['v1']['playlists'][':playlistId'];
type Invited = ApiClient['api']['v1']['playlist-invitations'];
export type Member = InferResponseType<One['members']['$get'], 200>['items'][number];
export type Invitation = InferResponseType<One['invitations']['$get'], 200>['items'][number];
export type InvitedPlaylist = InferResponseType<Invited['look']['$post'], 200>;

const one = () => apiClient().api.v1.playlists[':playlistId'];
const invited = () => apiClient().api.v1['playlist-invitations'];

/** Returns who works on a playlist, its owner first. Rejects with ApiError, as all of these. */
export async function readMembers(playlistId: string): Promise<Member[]> {
  return (await jsonOf(one().members.$get({ param: { playlistId } }))).items;
}

/** Takes an editor off, or whoever asks themselves. */
export function removeMember(playlistId: string, handle: string): Promise<unknown> {
  return succeed(one().members[':handle'].$delete({ param: { playlistId, handle } }));
}

/** Returns the links that still invite. The tokens are not among it: nobody has them but who was given one. */
export async function readInvitations(playlistId: string): Promise<Invitation[]> {
  return (await jsonOf(one().invitations.$get({ param: { playlistId } }))).items;
}

/** Makes a link. Its token is in this answer and nowhere else. */
export function invite(playlistId: string) {
  return jsonOf(one().invitations.$post({ param: { playlistId } }));
}

export function revokeInvitation(playlistId: string, invitationId: string): Promise<unknown> {
  return succeed(one().invitations[':invitationId'].$delete({ param: { playlistId, invitationId } }));
}

export function lookAtInvitation(token: string): Promise<InvitedPlaylist> {
  return jsonOf(invited().look.$post({ json: { token } }));
}

export function acceptInvitation(token: string) {
  return jsonOf(invited().accept.$post({ json: { token } }));
}
