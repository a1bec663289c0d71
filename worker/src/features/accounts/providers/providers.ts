import type { BetterAuthPlugin } from '@better-auth/core';
import type { AuthProviders } from '../../../platform/auth/sign-in-settings.ts';
import { logError } from '../../../platform/log.ts';
import { discordProvider, githubProvider } from './oauth.ts';
import { oidcProvider } from './oidc.ts';
import type { Provider } from './provider-profile.ts';

const GOOGLE = { id: 'google', name: 'Google', issuer: 'https://accounts.google.com' };

/** What goes wrong while a provider is asked leads back to our pages, as what it refuses does. */
function careful(provider: Provider): Provider {
  return {
    ...provider,
    getUserInfo: async (tokens) => {
      try {
        return await provider.getUserInfo(tokens);
      } catch (error) {
        logError('provider', error, { provider: provider.id });
        return null;
      }
    },
  };
}

/** Returns the providers that this installation has keys of. */
export function configuredProviders({ google, github, discord, oidc }: AuthProviders): Provider[] {
  return [
    ...(google ? [oidcProvider({ ...GOOGLE, ...google })] : []),
    ...(github ? [githubProvider(github)] : []),
    ...(discord ? [discordProvider(discord)] : []),
    ...(oidc ? [oidcProvider({ ...oidc, id: 'oidc' })] : []),
  ].map(careful);
}

/**
 * Returns the plugin that gives better-auth our providers. Its own are left out: as of 1.7 they send Google no nonce
 * and read its ID token unverified, and use no PKCE with Discord.
 */
export function providersPlugin(providers: Provider[]): BetterAuthPlugin {
  return {
    id: 'melro-providers',
    init: () => ({ context: { socialProviders: providers as never } }),
  };
}
