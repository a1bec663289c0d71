import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReceivedMail, ScriptedAnswer } from '../../test/support/mail-provider-script.ts';
import { PROVIDER_KEY } from '../../test/support/people.ts';

interface Domain {
  script: ScriptedAnswer[];
  received: ReceivedMail[];
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

async function bodyOf(request: IncomingMessage): Promise<Request> {
  return new Request('http://provider', {
    method: 'POST',
    headers: request.headers as Record<string, string>,
    body: Readable.toWeb(request) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
}

/** What Mailgun says of a form that lacks something. */
function faultIn(fields: Record<string, string>): string | null {
  for (const name of ['from', 'to', 'subject']) {
    if (!fields[name]) return `${name} parameter is missing`;
  }
  if (!fields.text && !fields.html) return "Need at least one of 'text' or 'html' parameters specified";
  if (!/^[^\s@<>,]+@[^\s@<>,]+$/.test(fields.to ?? ''))
    return "'to' parameter is not a valid address. please check documentation";
  return null;
}

/**
 * Starts an HTTP server that takes messages as Mailgun does: `POST /v3/{domain}/messages`, basic authentication,
 * multipart form, the same refusals. `PUT /script/{domain}` tells it how to answer the next requests,
 * `GET /received/{domain}` what it took. Every domain is by itself, so that tests do not meet.
 */
export async function startMailProvider(): Promise<{ url: string; stop(): Promise<void> }> {
  const domains = new Map<string, Domain>();
  const domainOf = (name: string): Domain => {
    const known = domains.get(name) ?? { script: [], received: [] };
    domains.set(name, known);
    return known;
  };

  async function take(request: IncomingMessage, domain: Domain): Promise<Answer | null> {
    const wanted = `Basic ${Buffer.from(`api:${PROVIDER_KEY}`).toString('base64')}`;
    if (request.headers.authorization !== wanted) return { status: 401, body: 'Forbidden' };
    if (!request.headers['content-type']?.startsWith('multipart/form-data')) {
      return json(400, { message: 'from parameter is missing' });
    }
    const form = await (await bodyOf(request)).formData();
    const fields = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
    const scripted = domain.script.shift();
    if (scripted?.delayMs !== undefined)
      await new Promise((resolve) => setTimeout(resolve, scripted.delayMs));
    if (scripted !== undefined && !scripted.breaks && scripted.status >= 300) {
      return { body: JSON.stringify({ message: 'not now' }), ...scripted };
    }
    const fault = faultIn(fields);
    if (fault !== null) return json(400, { message: fault });
    domain.received.push({ fields, headers: request.headers as Record<string, string> });
    if (scripted?.breaks) return null;
    return json(200, { id: `<${domain.received.length}.provider@example>`, message: 'Queued. Thank you.' });
  }

  const server = createServer(async (request, response) => {
    const [, kind = '', name = '', ...rest] = (request.url ?? '').split('/');
    const domain = domainOf(name);
    let answer: Answer | null = json(404, { message: 'Domain not found' });
    if (request.method === 'PUT' && kind === 'script') {
      domain.script = (await (await bodyOf(request)).json()) as ScriptedAnswer[];
      answer = json(200, {});
    } else if (request.method === 'GET' && kind === 'received') {
      answer = json(200, domain.received);
    } else if (request.method === 'POST' && kind === 'v3' && rest.join('/') === 'messages') {
      answer = await take(request, domain);
    }
    if (answer === null) return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
