import { sayFailure } from './say.ts';

/** Undoes what was started, last first, at the end of the process, however it comes. */
export class Lifetime {
  readonly #undo: (() => unknown)[] = [];
  isStopping = false;

  /** Notes what to do at the end. */
  atEnd(step: () => unknown): void {
    this.#undo.push(step);
  }

  /** Stops everything and leaves; a second call leaves at once. */
  async stop(exitCode: number): Promise<never> {
    if (this.isStopping) process.exit(exitCode || 1);
    this.isStopping = true;
    for (const step of this.#undo.reverse()) {
      try {
        await step();
      } catch (error) {
        sayFailure(error);
      }
    }
    process.exit(exitCode);
  }

  /** Makes the signals ours alone: libraries add handlers that leave at once, before everything is stopped. */
  takeSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.removeAllListeners(signal);
      process.on(signal, () => void this.stop(0));
    }
  }

  /** Runs `start` and stops on Ctrl-C, on a failure of it, and on any error that nobody caught. */
  run(start: () => Promise<void>): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void this.stop(0));
    const fail = (error: unknown) => {
      if (this.isStopping) return;
      sayFailure(error);
      void this.stop(1);
    };
    process.on('uncaughtException', fail);
    process.on('unhandledRejection', fail);
    start().catch(fail);
  }
}
