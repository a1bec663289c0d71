import { createServer, type IncomingMessage } from 'node:http';
import { type OidcProvider, oidcProvider } from '../../../worker/test/support/oidc-provider.ts';

const KEYS = { clientId: 'melro', clientSecret: 'a-secret-between-melro-and-the-provider' };

/** A company's own OpenID Connect provider on this machine, where somebody is signed in who agrees at once. */
export interface OidcServer {
  provider: OidcProvider;
  /** The settings of an installation that knows it. */
  settings: Record<string, string>;
  /** Registers the installation: codes are sent nowhere else. */
  register(installation: string): void;
  stop(): Promise<void>;
}

async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = incoming;
  return new Request(new URL(url, origin), {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
}

/** Starts the provider on a free port of its own origin. */
export async function startOidcServer(person: OidcProvider['person']): Promise<OidcServer> {
  const redirectUris: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const answer = await provider.answer(await toRequest(incoming, provider.issuer));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the provider has no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const provider = await oidcProvider(issuer, { ...KEYS, redirectUris }, person);
  return {
    provider,
    settings: { AUTH_PROVIDERS: JSON.stringify({ oidc: { ...KEYS, name: 'Linden & Co', issuer } }) },
    register: (installation) => redirectUris.push(`${installation}/api/auth/callback/oidc`),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
