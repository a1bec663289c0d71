import { getAuth } from '$lib/account/auth-api.ts';
import { memberOnly } from '$lib/account/guest-only.ts';
import { attempt } from '$lib/catalogue/load-catalogue.ts';
import { lastingOf } from '$lib/settings/scopes.ts';
import type { PageLoad } from './$types';

/** What is told of an app (OpenID Connect Registration 2). */
interface App {
  client_name?: string;
  client_uri?: string;
  policy_uri?: string;
  tos_uri?: string;
}

export const load: PageLoad = async (event) => {
  const { searchParams } = event.url;
  const error = searchParams.get('error');
  if (error !== null || !searchParams.has('sig')) return { asked: null };
  const me = await memberOnly(event);
  const scopes = (searchParams.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const query = { client_id: searchParams.get('client_id') ?? '' };
  return {
    asked: {
      me,
      app: await attempt(getAuth<App>('oauth2/public-client', query, event.fetch)),
      scopes,
      lasts: lastingOf(scopes),
      redirectUri: searchParams.get('redirect_uri') ?? '',
      query: event.url.search.slice(1),
    },
  };
};
