import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { inRoot } from '../platform/paths.ts';
import { TOKEN } from './api.ts';
import type { Ask, Snapshot, Told } from './platform-questions.ts';

/** The whole platform (Miniflare, workerd, D1, R2, queues) in a group of processes that is killed and started again. */
export class MortalPlatform {
  url = '';
  readonly #dataDir: string;
  readonly #scratchDir: string;
  readonly #transcoderUrl: string;
  readonly #rateLimitFactor: number;
  #child: ChildProcess | null = null;
  #asked = 0;

  constructor(dataDir: string, scratchDir: string, transcoderUrl: string, rateLimitFactor = 100) {
    this.#dataDir = dataDir;
    this.#scratchDir = scratchDir;
    this.#transcoderUrl = transcoderUrl;
    this.#rateLimitFactor = rateLimitFactor;
  }

  /** Starts on the data that is there. */
  async start(): Promise<void> {
    const settings = [this.#dataDir, this.#transcoderUrl, String(this.#rateLimitFactor), TOKEN];
    const child = fork(inRoot('scripts/faults/platform-process.ts'), settings, {
      // A group of its own, so that Miniflare and workerd die at the same instant.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, TMPDIR: this.#scratchDir },
    });
    this.#child = child;
    const exited = once(child, 'exit').then(() => {
      throw new Error('the platform ended before it was ready');
    });
    this.url = String(await Promise.race([this.#answer(0), exited]));
    exited.catch(() => undefined);
  }

  /** SIGKILL to every process of the platform. */
  kill(): void {
    if (this.#child?.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // It is dead already.
    }
  }

  async restart(): Promise<void> {
    this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }

  async sweep(aheadMs: number): Promise<void> {
    await this.#ask({ id: ++this.#asked, ask: 'sweep', aheadMs });
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.#ask({ id: ++this.#asked, ask: 'snapshot' })) as Snapshot;
  }

  #ask(ask: Ask): Promise<unknown> {
    const answer = this.#answer(ask.id);
    this.#child?.send(ask);
    return answer;
  }

  #answer(id: number): Promise<unknown> {
    const child = this.#child;
    if (child === null) throw new Error('the platform does not run');
    return new Promise((resolve, reject) => {
      const listen = (told: Told) => {
        if (told.id !== id) return;
        child.off('message', listen).off('exit', mourn);
        if ('problem' in told) reject(new Error(told.problem));
        else resolve(told.answer);
      };
      const mourn = () => reject(new Error('the platform died while it was asked'));
      child.on('message', listen);
      child.once('exit', mourn);
    });
  }
}
