import { createAuthorizationURL, validateAuthorizationCode } from '@better-auth/core/oauth2';
import { z } from 'zod';
import { type Profile, type Provider, type ProviderClient, readJson, userOf } from './provider-profile.ts';

/** A provider that has OAuth 2 only: its API says who came. */
interface Plain {
  id: string;
  name: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  scopes: string[];
  profileOf(accessToken: string): Promise<Profile>;
}

function plainProvider(plain: Plain, options: ProviderClient): Provider {
  const { id, name, authorizationEndpoint, tokenEndpoint, scopes, profileOf } = plain;
  return {
    id,
    name,
    accountSubject: ({ profile }) => String(profile.sub),
    createAuthorizationURL: ({ state, codeVerifier, redirectURI }) =>
      createAuthorizationURL({
        id,
        options,
        authorizationEndpoint,
        scopes,
        state,
        codeVerifier,
        redirectURI,
      }),
    validateAuthorizationCode: ({ code, codeVerifier, redirectURI }) =>
      validateAuthorizationCode({
        code,
        redirectURI,
        options,
        tokenEndpoint,
        ...(codeVerifier !== undefined && { codeVerifier }),
      }),
    getUserInfo: async ({ accessToken }) => {
      // GitHub answers 200 with an error in it where it refuses a code.
      if (accessToken === undefined) return null;
      const profile = await profileOf(accessToken);
      return { user: userOf(profile), data: { sub: profile.subject } };
    },
    options,
  };
}

const githubUser = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() });
const githubEmails = z.array(z.object({ email: z.email(), primary: z.boolean(), verified: z.boolean() }));

/** Returns GitHub. Of somebody's addresses the primary one counts, and it alone. */
export function githubProvider(client: ProviderClient): Provider {
  const api = 'https://api.github.com';
  return plainProvider(
    {
      id: 'github',
      name: 'GitHub',
      authorizationEndpoint: 'https://github.com/login/oauth/authorize',
      tokenEndpoint: 'https://github.com/login/oauth/access_token',
      scopes: ['read:user', 'user:email'],
      profileOf: async (accessToken) => {
        const authorization = `Bearer ${accessToken}`;
        const user = githubUser.parse(await readJson(`${api}/user`, { authorization }));
        const emails = githubEmails.parse(await readJson(`${api}/user/emails`, { authorization }));
        const primary = emails.find((email) => email.primary);
        return {
          subject: String(user.id),
          email: primary?.email ?? null,
          emailVerified: primary?.verified === true,
          names: [user.name, user.login],
        };
      },
    },
    client,
  );
}

const discordUser = z.object({
  id: z.string().regex(/^\d+$/),
  username: z.string(),
  global_name: z.string().nullish(),
  email: z.email().nullish(),
  verified: z.boolean().optional(),
});

/** Returns Discord. */
export function discordProvider(client: ProviderClient): Provider {
  return plainProvider(
    {
      id: 'discord',
      name: 'Discord',
      authorizationEndpoint: 'https://discord.com/oauth2/authorize',
      tokenEndpoint: 'https://discord.com/api/oauth2/token',
      scopes: ['identify', 'email'],
      profileOf: async (accessToken) => {
        const headers = { authorization: `Bearer ${accessToken}` };
        const user = discordUser.parse(await readJson('https://discord.com/api/users/@me', headers));
        return {
          subject: user.id,
          email: user.email ?? null,
          emailVerified: user.verified === true,
          names: [user.global_name, user.username],
        };
      },
    },
    client,
  );
}
