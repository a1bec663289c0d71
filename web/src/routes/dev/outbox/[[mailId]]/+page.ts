import { error } from '@sveltejs/kit';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadMessage, loadOutbox, OUTBOX } from '$lib/outbox/load-outbox.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends(OUTBOX);
  const { mailId } = params;
  const [list, message] = await Promise.all([
    attempt(loadOutbox(fetch)),
    mailId === undefined ? null : attempt(loadMessage(fetch, mailId)),
  ]);
  for (const loaded of [list, message]) {
    if (loaded !== null && !loaded.ok && [400, 404].includes(loaded.error.status))
      error(404, 'There is nothing here');
  }
  return { list, message };
};
