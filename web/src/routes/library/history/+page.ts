import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { loadHistory, loadHistorySettings } from '$lib/library/library-api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends, parent, url }) => {
  depends('melro:history');
  await parent();
  const words = url.searchParams.get('q')?.trim().slice(0, 100) ?? '';
  const [heard, settings] = await Promise.all([
    attempt(loadHistory(words, null, fetch)),
    attempt(loadHistorySettings(fetch)),
  ]);
  return { words, heard, isPaused: settings.ok && settings.value.paused };
};
