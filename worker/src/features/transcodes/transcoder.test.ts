import { env } from 'cloudflare:workers';
import type { Container } from '@cloudflare/containers';
import { describe, expect, it } from 'vitest';
import { wavFile } from '../../../test/support/audio.ts';
import { containerTranscoder, httpTranscoder } from './transcoder.ts';

const never = new AbortController().signal;

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream {
  return new Response(bytes).body ?? new ReadableStream();
}

describe('a transcoder at an address', () => {
  it('takes an original and begins its answer', async () => {
    const bytes = wavFile(1);
    const answer = await httpTranscoder(`${env.TRANSCODER_URL}/`).transcode(
      streamOf(bytes),
      bytes.length,
      never,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-tar');
    await answer.body?.cancel();
  });

  it('is told how long the original is, so that a cut-off body cannot pass for a whole one', async () => {
    const transcoder = httpTranscoder(env.TRANSCODER_URL);
    const bytes = wavFile(1);
    const cutOff = new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.slice(0, 5000));
        controller.error(new Error('R2 broke off'));
      },
    });
    const outcome = await transcoder
      .transcode(cutOff, bytes.length, never)
      .then(async (answer) => (answer.status === 200 ? await answer.arrayBuffer() : answer.status))
      .catch((error: unknown) => error);
    expect(outcome).not.toBeInstanceOf(ArrayBuffer);
  });

  it('says how it is, or that it does not answer', async () => {
    expect(await httpTranscoder(env.TRANSCODER_URL).health()).toMatchObject({ status: 'ok' });
    await expect(httpTranscoder('http://127.0.0.1:1').health()).rejects.toThrow();
    await expect(httpTranscoder(`${env.TRANSCODER_URL}/elsewhere`).health()).rejects.toThrow('404');
  });

  it('is left as soon as the attempt is over', async () => {
    const stop = new AbortController();
    const bytes = wavFile(1);
    const answer = await httpTranscoder(env.TRANSCODER_URL).transcode(
      streamOf(bytes),
      bytes.length,
      stop.signal,
    );
    stop.abort(new Error('the claim is lost'));
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });
});

it('a transcoder in a container is the instance of its name', async () => {
  const asked: string[] = [];
  const namespace = {
    idFromName: (name: string) => name,
    get: (id: string) => ({
      fetch: async (request: Request) => {
        asked.push(`${id} ${request.method} ${new URL(request.url).pathname}`);
        return Response.json({ status: 'ok' });
      },
    }),
  } as unknown as DurableObjectNamespace<Container>;
  const transcoder = containerTranscoder(namespace, 'transcoder-3');
  await transcoder.health();
  await transcoder.transcode(streamOf(new Uint8Array(3)), 3, never);
  expect(asked).toEqual(['transcoder-3 GET /healthz', 'transcoder-3 POST /transcode']);
});
