import type { Container } from '@cloudflare/containers';
import type { MakePictures } from '../../platform/image-store.ts';

/** How the Worker reaches a transcoder, wherever it runs. */
export interface Transcoder {
  /**
   * Sends an original and returns the answer: a tar stream when 200, 503 with Retry-After when busy.
   * Throws when the transcoder cannot be reached.
   */
  transcode(original: ReadableStream, sizeBytes: number, signal: AbortSignal): Promise<Response>;
  makePictures: MakePictures;
  /** Returns what the transcoder says of itself; throws when it does not answer. */
  health(): Promise<unknown>;
}

type SendRequest = (request: Request) => Promise<Response>;

function overHttp(baseUrl: string, send: SendRequest): Transcoder {
  return {
    transcode: (original, sizeBytes, signal) => {
      // A stream of known length is sent with Content-Length, so that a cut-off body cannot pass for a whole one.
      const { readable, writable } = new FixedLengthStream(sizeBytes);
      original.pipeTo(writable).catch(() => undefined);
      return send(new Request(`${baseUrl}/transcode`, { method: 'POST', body: readable, signal }));
    },
    makePictures: (picture, { shape, crop }, signal) => {
      const query = new URLSearchParams({ shape });
      for (const [name, value] of Object.entries(crop ?? {})) query.set(name, String(value));
      return send(new Request(`${baseUrl}/artwork?${query}`, { method: 'POST', body: picture, signal }));
    },
    health: async () => {
      const response = await send(new Request(`${baseUrl}/healthz`, { signal: AbortSignal.timeout(3_000) }));
      if (!response.ok) throw new Error(`the transcoder answered ${response.status}`);
      return response.json();
    },
  };
}

/** Returns a transcoder that listens at an address, such as the local process. */
export function httpTranscoder(baseUrl: string): Transcoder {
  return overHttp(baseUrl.replace(/\/$/, ''), (request) => fetch(request));
}

/**
 * Returns a transcoder in containers. Each job goes to an instance of its own name,
 * so jobs spread over instances and each sleeps again by itself.
 */
export function containerTranscoder(
  namespace: DurableObjectNamespace<Container>,
  instanceName: string,
): Transcoder {
  return overHttp('http://transcoder', (request) =>
    namespace.get(namespace.idFromName(instanceName)).fetch(request),
  );
}
