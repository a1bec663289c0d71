import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inRoot } from '../platform/paths.ts';

/**
 * A real transcoder that is killed again and again, and one that stands by: a Worker that finds nobody
 * listening while a new one starts would spend attempts on that instead of on what is tried here.
 */
export class MortalTranscoders {
  #active: OneTranscoder;
  #standby: OneTranscoder;
  #standbyPort: Promise<number>;

  constructor(workDir: string) {
    this.#active = new OneTranscoder(workDir);
    this.#standby = new OneTranscoder(workDir);
    this.#standbyPort = this.#standby.start();
  }

  /** Returns the port of the first. */
  start(): Promise<number> {
    return this.#active.start();
  }

  /** SIGKILL: no handler runs, nothing is flushed, nothing is said. */
  kill(): void {
    this.#active.kill();
  }

  /** Puts the one that stands by in the place of the dead one, and returns its port. */
  async replace(): Promise<number> {
    const port = await this.#standbyPort;
    [this.#active, this.#standby] = [this.#standby, this.#active];
    this.#standbyPort = this.#standby.start();
    return port;
  }

  async stop(): Promise<void> {
    await this.#standbyPort.catch(() => undefined);
    await Promise.all([this.#active.stop(), this.#standby.stop()]);
  }
}

class OneTranscoder {
  #child: ChildProcess | null = null;
  readonly #workDir: string;

  constructor(workDir: string) {
    this.#workDir = workDir;
  }

  /** Starts one and returns the port it listens on. */
  async start(): Promise<number> {
    const child = spawn(process.execPath, [inRoot('transcoder/src/main.ts')], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', WORK_DIR: this.#workDir, EXIT_WITH_STDIN: '1' },
    });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /^listening http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      child.stdout.resume();
      return Number(port);
    }
    throw new Error('the transcoder ended before it listened');
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
