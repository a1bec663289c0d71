import { mount, unmount } from 'svelte';
import { ApiError } from '$lib/api/api-error.ts';
import ChallengeDialog from './challenge-dialog.svelte';

/** Has the person show that they are one; returns what the challenge gave them. Throws ApiError where they do not. */
export async function solveChallenge(siteKey: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const dialog = mount(ChallengeDialog, { target: document.body, props: { siteKey, onend: resolve } });
  const token = await promise;
  await unmount(dialog);
  if (token !== null) return token;
  throw new ApiError('refused', 'Nothing was sent. Show that you are a person, and it will be.');
}
