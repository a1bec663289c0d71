import { requirePrincipal } from '../../platform/auth/guard.ts';
import type { Principal } from '../../platform/auth/principal.ts';
import { notFound, ProblemError } from '../../platform/errors.ts';
import type { ArtistStore, OwnArtist } from './artists/artist-store.ts';

/** Returns the artist for one of their members. Throws `not_found` for everybody else. */
export async function requireMember(
  store: ArtistStore,
  artistId: string,
  principal: Principal | null,
): Promise<OwnArtist> {
  const own = await store.findOwn(artistId, requirePrincipal(principal).id);
  if (own === null) throw notFound();
  return own;
}

/** Returns the artist for one of their owners. Throws `forbidden` for editors, `not_found` for everybody else. */
export async function requireOwner(
  store: ArtistStore,
  artistId: string,
  principal: Principal | null,
): Promise<OwnArtist> {
  const own = await requireMember(store, artistId, principal);
  if (own.role !== 'owner') throw new ProblemError('forbidden', 'Only an owner of this artist may do this.');
  return own;
}
