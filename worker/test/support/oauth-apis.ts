import { type AuthorizationServer, authorizationServer, type Client, json } from './authorization-server.ts';
import type { Site } from './site.ts';

export interface GithubPerson {
  id: number;
  login: string;
  name: string | null;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

export interface DiscordPerson {
  id: string;
  username: string;
  global_name: string | null;
  email: string;
  verified: boolean;
}

type Api<Person> = AuthorizationServer<Person> & Site;

function api<Person>(
  client: Client,
  person: Person,
  site: {
    hosts: string[];
    authorize: string;
    token: string;
    refused: Response;
    read(path: string, who: Person): unknown;
  },
): Api<Person> {
  const server = authorizationServer(client, person);
  const tokens = new Map<string, Person>();
  return Object.assign(server, {
    hosts: site.hosts,
    answer: async (request: Request) => {
      const { pathname } = new URL(request.url);
      if (pathname === site.authorize) return server.authorize(new URL(request.url));
      if (pathname === site.token) {
        const granted = await server.redeem(request);
        if (granted === null) return site.refused.clone();
        const token = crypto.randomUUID();
        tokens.set(token, granted.person);
        return json({ access_token: token, token_type: 'bearer', scope: granted.scopes.join(' ') });
      }
      const who = tokens.get(request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '');
      if (who === undefined || !request.headers.get('user-agent'))
        return json({ message: 'Bad credentials' }, 401);
      const body = site.read(pathname, who);
      return body === undefined ? json({ message: 'Not Found' }, 404) : json(body);
    },
  });
}

/** Returns GitHub as far as signing in goes: it answers 200 where it refuses a code. */
export function github(client: Client, person: GithubPerson): Api<GithubPerson> {
  return api(client, person, {
    hosts: ['github.com', 'api.github.com'],
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    refused: json({ error: 'bad_verification_code' }),
    read: (path, { emails, ...user }) => ({ '/user': user, '/user/emails': emails })[path],
  });
}

/** Returns Discord as far as signing in goes. */
export function discord(client: Client, person: DiscordPerson): Api<DiscordPerson> {
  return api(client, person, {
    hosts: ['discord.com'],
    authorize: '/oauth2/authorize',
    token: '/api/oauth2/token',
    refused: json({ error: 'invalid_grant' }, 400),
    read: (path, user) => ({ '/api/users/@me': user })[path],
  });
}
