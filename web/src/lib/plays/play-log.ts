import type { PlayingRendition } from '$lib/player/quality.ts';
import type { PlaySource } from '$lib/player/queue.ts';

/** A play as the API takes it. */
export interface Play {
  id: string;
  trackId: string;
  startedAt: string;
  listenedSeconds: number;
  source: { kind: PlaySource['kind']; id?: string };
  quality?: '64' | '128' | '192' | '320' | 'lossless';
}

/** What is seen of the player at one moment. */
export interface Moment {
  trackId: string;
  positionSeconds: number;
  source: PlaySource | null;
  rendition: PlayingRendition | null;
}

/** Whoever skips on sooner has not listened. */
const HEARD_AFTER_SECONDS = 5;
/** The clock moves by less than this between two looks; by more, somebody has jumped. */
const LONGEST_STEP_SECONDS = 2;
const RESTART = { beforeSeconds: 2, afterSeconds: 30 };
/** Seconds of listening at which a play is told of while it goes on: when it counts, and now and then. */
const TOLD_AT_SECONDS = 30;
const TOLD_EVERY_SECONDS = 60;

function sourceOf(source: PlaySource | null): Play['source'] {
  if (source === null) return { kind: 'other' };
  return source.id === null ? { kind: source.kind } : { kind: source.kind, id: source.id };
}

/** Adds up how long each track is listened to; pauses and jumps do not count. */
export class PlayLog {
  readonly #tell: (play: Play) => void;
  readonly #now: () => number;
  #play: Play | null = null;
  #positionSeconds = 0;
  #toldSeconds = 0;

  constructor(tell: (play: Play) => void, now: () => number = Date.now) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Looks at the player; to be called whenever its clock moves. */
  observe({ trackId, positionSeconds, source, rendition }: Moment): void {
    const isAgain = positionSeconds < RESTART.beforeSeconds && this.#positionSeconds > RESTART.afterSeconds;
    if (this.#play?.trackId !== trackId || isAgain) this.#begin(trackId, source);
    const play = this.#play;
    if (play === null) return;
    const step = positionSeconds - this.#positionSeconds;
    this.#positionSeconds = positionSeconds;
    if (step > 0 && step < LONGEST_STEP_SECONDS) play.listenedSeconds += step;
    if (rendition !== null) play.quality = `${rendition}`;
    const { listenedSeconds } = play;
    const due =
      this.#toldSeconds < TOLD_AT_SECONDS ? TOLD_AT_SECONDS : this.#toldSeconds + TOLD_EVERY_SECONDS;
    if (listenedSeconds >= due) this.tell();
  }

  #begin(trackId: string, source: PlaySource | null): void {
    this.tell();
    this.#play = {
      id: crypto.randomUUID(),
      trackId,
      startedAt: new Date(this.#now()).toISOString(),
      listenedSeconds: 0,
      source: sourceOf(source),
    };
    this.#positionSeconds = 0;
    this.#toldSeconds = 0;
  }

  /** Tells of the play that is going on, if it has grown since and is long enough to be one. */
  tell(): void {
    const play = this.#play;
    if (play === null || play.listenedSeconds < HEARD_AFTER_SECONDS) return;
    if (play.listenedSeconds <= this.#toldSeconds) return;
    this.#toldSeconds = play.listenedSeconds;
    this.#tell({ ...play, listenedSeconds: Math.round(play.listenedSeconds * 10) / 10 });
  }
}
