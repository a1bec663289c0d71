/** The transcoder as an HTTP service: `POST /transcode`, `POST /artwork` and `GET /healthz`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Answer } from './answer.ts';
import { answerPicture, WishFault } from './answer-picture.ts';
import type { Config } from './config.ts';
import { MAX_ORIGINAL_BYTES, MAX_PICTURE_BYTES } from './contract.ts';
import { type Ffmpeg, locateFfmpeg } from './ffmpeg-locate.ts';
import { type JobReport, runJob } from './job.ts';
import { prepareWorkFolder } from './job-folder.ts';
import { type JobSlot, JobSlots } from './job-slots.ts';
import type { Log } from './log.ts';
import { PictureFault } from './picture-process.ts';
import { BodyTooLarge, checkAnnouncedSize, spoolBody } from './spool.ts';

/** A running service. */
export interface Transcoder {
  /** `http://host:port` */
  address: string;
  ffmpeg: Pick<Ffmpeg, 'kind' | 'version'>;
  /** Refuses new jobs, waits for the running ones, then stops listening. */
  drain(): Promise<void>;
  /** Kills the running jobs and stops listening. */
  close(): Promise<void>;
}

const RETRY_AFTER_SECONDS = 5;
/** Under the 15 minutes of a queue consumer. The fault is then the machine's, so the stream breaks off. */
const JOB_TIMEOUT_MS = 14 * 60_000;
/** How long a refused client may go on sending before its connection is cut. */
const LINGER_MS = 2000;
const HEADERS_TIMEOUT_MS = 30_000;

/** @throws a one-line reason where ffmpeg, the work folder or the address cannot be had. */
export async function startTranscoder(config: Config, log: Log): Promise<Transcoder> {
  const removed = await prepareWorkFolder(config.WORK_DIR);
  if (removed > 0) log('warn', 'removed job folders of a process that ended early', { folders: removed });
  const ffmpeg = await locateFfmpeg(config.FFMPEG, config.PATH);
  const service = new Service(config, ffmpeg, log);
  await service.listen();
  return service;
}

class Service implements Transcoder {
  readonly ffmpeg: Ffmpeg;
  readonly #config: Config;
  readonly #log: Log;
  readonly #server: Server;
  readonly #jobs = new Set<Promise<void>>();
  readonly #slots: JobSlots;
  /** Of their own: somebody waits for a picture, and must not wait for a transcode to end. */
  readonly #pictureSlots: JobSlots;
  readonly #stopping = new AbortController();
  #isDraining = false;

  constructor(config: Config, ffmpeg: Ffmpeg, log: Log) {
    this.#config = config;
    this.#slots = new JobSlots(config.MAX_JOBS, config.WORK_DIR);
    this.#pictureSlots = new JobSlots(config.MAX_JOBS, config.WORK_DIR);
    this.ffmpeg = ffmpeg;
    this.#log = log;
    // Uploads may take long; a stalled one is ended while it is spooled.
    this.#server = createServer(
      { requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS },
      (request, response) => {
        this.#route(request, response);
      },
    );
  }

  get address(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#config.PORT, this.#config.HOST, () => resolve());
    });
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#jobs.size > 0) await Promise.allSettled(this.#jobs);
    await this.#stopListening();
  }

  async close(): Promise<void> {
    this.#isDraining = true;
    this.#stopping.abort(new Error('the transcoder is stopping'));
    await this.drain();
  }

  #stopListening(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      setTimeout(() => this.#server.closeAllConnections(), LINGER_MS).unref();
    });
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/transcode' && request.method === 'POST') {
      this.#begin(this.#slots, request, response, (slot) => this.#runJob(slot, request, response));
    } else if (path === '/artwork' && request.method === 'POST') {
      this.#begin(this.#pictureSlots, request, response, (slot) => this.#runPicture(slot, request, response));
    } else if (path === '/healthz' && isRead) {
      this.#answerHealth(response);
    } else if (path === '/transcode' || path === '/artwork' || path === '/healthz') {
      response.setHeader('allow', path === '/healthz' ? 'GET, HEAD' : 'POST');
      refuse(request, response, 405, 'This path answers another method.');
    } else {
      const detail = 'There is nothing here. POST an original to /transcode, a picture to /artwork.';
      refuse(request, response, 404, detail);
    }
  }

  #begin(
    slots: JobSlots,
    request: IncomingMessage,
    response: ServerResponse,
    run: (slot: JobSlot) => Promise<void>,
  ): void {
    const slot = this.#isDraining ? null : slots.take();
    if (slot) {
      const job = run(slot).finally(() => this.#jobs.delete(job));
      this.#jobs.add(job);
    } else {
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      refuse(request, response, 503, this.#isDraining ? 'Shutting down.' : 'Every slot is busy.');
    }
  }

  #answerHealth(response: ServerResponse): void {
    const body = JSON.stringify({
      status: this.#isDraining ? 'draining' : 'ok',
      ffmpeg: { kind: this.ffmpeg.kind, version: this.ffmpeg.version },
      jobs: { running: this.#slots.busy, capacity: this.#slots.capacity },
    });
    response.writeHead(this.#isDraining ? 503 : 200, { 'content-type': 'application/json' }).end(body);
  }

  /** Never rejects: whatever happens to a job ends here, with one line in the log. */
  async #runJob(slot: JobSlot, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const gone = goneSignal(response);
    const signal = AbortSignal.any([gone, this.#stopping.signal, AbortSignal.timeout(JOB_TIMEOUT_MS)]);
    let bytesIn: number | null = null;
    let spoolMs: number | null = null;
    let report: JobReport | undefined;
    let problem: unknown;
    try {
      checkAnnouncedSize(request, MAX_ORIGINAL_BYTES);
      const folder = await slot.openFolder();
      bytesIn = await spoolBody(request, folder, signal);
      spoolMs = Math.round(performance.now() - startedAt);
      report = await this.#answer(slot, folder, response, signal);
    } catch (error) {
      problem = error;
      this.#answerProblem(request, response, error);
    }
    await slot.release().catch((error: unknown) => {
      problem ??= error;
    });
    this.#log(problem && !gone.aborted ? 'error' : 'info', 'transcode', {
      outcome: report?.outcome ?? (gone.aborted ? 'aborted' : 'error'),
      problem: problem instanceof Error ? problem.message.slice(0, 500) : undefined,
      bytesIn,
      durationSeconds: report?.durationSeconds ?? null,
      spoolMs,
      firstSegmentMs: report?.firstSegmentMs ?? null,
      coverProblem: report?.coverProblem?.slice(0, 200) ?? undefined,
      totalMs: Math.round(performance.now() - startedAt),
      ffmpeg: this.ffmpeg.kind,
    });
  }

  /** Never rejects either. */
  async #runPicture(slot: JobSlot, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const gone = goneSignal(response);
    let bytesIn: number | null = null;
    let problem: unknown;
    try {
      bytesIn = await answerPicture(request, response, AbortSignal.any([gone, this.#stopping.signal]));
    } catch (error) {
      problem = error;
      this.#answerProblem(request, response, error);
    }
    await slot.release();
    const isOurs = !(problem instanceof PictureFault || problem instanceof WishFault);
    this.#log(problem && isOurs && !gone.aborted ? 'error' : 'info', 'artwork', {
      outcome: problem ? (gone.aborted ? 'aborted' : 'refused') : 'done',
      problem: problem instanceof Error ? problem.message.slice(0, 500) : undefined,
      bytesIn,
      totalMs: Math.round(performance.now() - startedAt),
    });
  }

  async #answer(
    slot: JobSlot,
    folder: string,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<JobReport> {
    response.writeHead(200, { 'content-type': 'application/x-tar', 'cache-control': 'no-store' });
    const answer = new Answer();
    const sent = pipeline(Readable.fromWeb(answer.readable), response, { signal });
    try {
      const finish = async (): Promise<JobReport> => {
        const report = await runJob(this.ffmpeg, folder, answer, signal);
        // Whoever has read the end of an answer finds the slot free and the folder gone.
        await slot.release();
        await answer.finish();
        return report;
      };
      const [report] = await Promise.all([finish(), sent]);
      return report;
    } catch (error) {
      answer.abort(error);
      // The broken stream is the message; the reason it ends with is the one that is thrown here.
      await sent.catch(() => undefined);
      throw error;
    }
  }

  #answerProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.headersSent) {
      // Cut the connection: an end without the manifest must not look like an end.
      response.destroy();
    } else if (error instanceof BodyTooLarge) {
      const most = request.url?.startsWith('/artwork') ? MAX_PICTURE_BYTES : MAX_ORIGINAL_BYTES;
      refuse(request, response, 413, `The body may have up to ${most} bytes.`);
    } else if (error instanceof WishFault) {
      refuse(request, response, 400, error.message);
    } else if (error instanceof PictureFault) {
      refuse(request, response, 422, 'This picture could not be read.');
    } else {
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      refuse(request, response, 503, 'The body could not be taken in. Try again.');
    }
  }
}

/** @returns a signal that fires where the client leaves before it has its answer. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client has gone away'));
  });
  return gone.signal;
}

/** Answers at once, without waiting for a body that nobody will read. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(JSON.stringify({ status, detail }));
  // Dropping the connection now could take the answer with it: let the client see it first.
  request.on('error', () => undefined).resume();
  const cut = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(cut));
}
