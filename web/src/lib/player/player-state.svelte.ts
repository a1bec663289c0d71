import { toApiError } from '$lib/api/api-error.ts';
import type { TrackCard } from '$lib/catalogue/cards.ts';
import type { EngineListener, PlaybackEngine, StreamFault } from './engine.ts';
import type { PlayerDeps } from './player-deps.ts';
import { PlayerPreferences } from './player-preferences.svelte.ts';
import type { PlayingRendition, Quality } from './quality.ts';
import {
  EMPTY_QUEUE,
  type KnownFacts,
  moveBy,
  type PlaySource,
  queueFrom,
  trackAt,
  withFacts,
  withMore,
} from './queue.ts';
import { Recovery } from './recovery.ts';

/** Pressing "previous" later than this starts the track again. */
const RESTART_AFTER_SECONDS = 3;

/** The player: one queue, one stream, and what the listener sees of them. */
export class PlayerState {
  queue = $state.raw(EMPTY_QUEUE);
  /** What the listener wants; sound follows as soon as it can. */
  isPlaying = $state(false);
  /** Sound is wanted and on its way. */
  isWaiting = $state(false);
  currentSeconds = $state(0);
  bufferedUntilSeconds = $state(0);
  durationSeconds = $state<number | null>(null);
  /** What is heard at this moment; null until there is sound. */
  rendition = $state<PlayingRendition | null>(null);
  /** A sentence for the listener when the music cannot go on. */
  failure = $state<string | null>(null);
  canPlayLossless = $state(true);
  /** Counts jumps in time, for those who must hear of them. */
  jumps = $state(0);
  readonly preferences = new PlayerPreferences();

  readonly #deps: PlayerDeps;
  readonly #recovery = new Recovery();
  #engine: PlaybackEngine | null = null;
  #engineComing: Promise<PlaybackEngine> | null = null;
  /** Grows with everything that makes what is under way pointless. */
  #generation = 0;
  #isRecovering = false;
  #isDurationExact = false;

  constructor(deps: PlayerDeps) {
    this.#deps = deps;
  }

  get track(): TrackCard | null {
    return trackAt(this.queue, 0);
  }

  get hasNext(): boolean {
    return trackAt(this.queue, 1) !== null;
  }

  /** Tells whether this track is the one in the player. */
  isCurrent(trackId: string): boolean {
    return this.track?.trackId === trackId;
  }

  /** Plays a track, from `atSeconds`; what follows comes from `list`, in which every track can be played. */
  play(
    track: TrackCard,
    list: readonly TrackCard[] = [track],
    { atSeconds = 0, source = null }: { atSeconds?: number; source?: PlaySource | null } = {},
  ): Promise<void> {
    this.queue = queueFrom(track, list, source);
    return this.#start(atSeconds);
  }

  /** Adds tracks to what is played, next or last; where nothing is played, they begin. */
  enqueue(tracks: readonly TrackCard[], place: 'next' | 'last'): void {
    const [first] = tracks;
    if (first === undefined) return;
    if (this.track === null) void this.play(first, tracks);
    else this.queue = withMore(this.queue, tracks, place);
  }

  /** Takes in what has become known of a track: its tags, cover and length come with the end of its transcode. */
  update(track: KnownFacts): void {
    this.queue = withFacts(this.queue, track);
    if (!this.isCurrent(track.trackId) || track.durationSeconds === null) return;
    this.#isDurationExact = true;
    this.durationSeconds = track.durationSeconds;
  }

  /** Pauses what plays and plays what is paused. */
  toggle(): void {
    if (this.track === null) return;
    if (this.failure !== null && !this.isPlaying) {
      void this.retry();
    } else if (this.isPlaying) {
      this.isPlaying = false;
      this.isWaiting = false;
      this.#engine?.pause();
    } else {
      this.isPlaying = true;
      void this.#engine?.play();
    }
  }

  /** Goes to the next track, if there is one. */
  next(): void {
    this.#move(1);
  }

  /** Starts the track again, or goes to the one before where this one has only begun. */
  previous(): void {
    if (this.currentSeconds > RESTART_AFTER_SECONDS || trackAt(this.queue, -1) === null) this.seekTo(0);
    else this.#move(-1);
  }

  seekTo(seconds: number): void {
    if (this.track === null) return;
    this.currentSeconds = Math.min(Math.max(0, seconds), this.durationSeconds ?? Number.POSITIVE_INFINITY);
    this.jumps += 1;
    this.#engine?.seekTo(this.currentSeconds);
  }

  seekBy(seconds: number): void {
    this.seekTo(this.currentSeconds + seconds);
  }

  setVolume(volume: number): void {
    this.preferences.setVolume(volume);
    this.#applyVolume();
  }

  toggleMute(): void {
    this.preferences.toggleMute();
    this.#applyVolume();
  }

  /** Changes what is asked for; to and from lossless the stream is another one and is opened at the same place. */
  setQuality(quality: Quality): void {
    const before = this.preferences.quality;
    if (quality === before) return;
    this.preferences.setQuality(quality);
    if (this.track === null) return;
    const isSameStream = (quality === 'lossless') === (before === 'lossless');
    if (isSameStream && this.#engine?.switchesInPlace) this.#engine.setQuality(quality);
    else void this.#open();
  }

  /** Tries again after the listener was told of a failure. */
  retry(): Promise<void> {
    this.isPlaying = true;
    return this.#open();
  }

  #move(step: number): void {
    const moved = moveBy(this.queue, step);
    if (moved === this.queue) return;
    this.queue = moved;
    void this.#start(0);
  }

  #start(atSeconds: number): Promise<void> {
    this.#engine?.pause();
    this.currentSeconds = atSeconds;
    this.bufferedUntilSeconds = 0;
    this.durationSeconds = this.track?.durationSeconds ?? null;
    this.rendition = null;
    this.isPlaying = true;
    this.jumps += 1;
    return this.#open();
  }

  /** Opens the stream of the current track at the current place. */
  async #open(): Promise<void> {
    const generation = ++this.#generation;
    this.#recovery.reset();
    this.#isRecovering = false;
    this.failure = null;
    this.isWaiting = this.isPlaying;
    try {
      const engine = await this.#readyEngine();
      const address = await this.#grantedAddress(engine);
      if (generation !== this.#generation || address === null) return;
      this.#load(engine, address);
    } catch (error) {
      if (generation === this.#generation) await this.#recover('network', error);
    }
  }

  #load(engine: PlaybackEngine, address: string): void {
    engine.load(address, this.currentSeconds, this.preferences.quality);
    if (this.isPlaying) void engine.play();
  }

  async #readyEngine(): Promise<PlaybackEngine> {
    if (this.#engine !== null) return this.#engine;
    this.#engineComing ??= this.#deps.createEngine(this.#listener);
    try {
      this.#engine = await this.#engineComing;
    } finally {
      this.#engineComing = null;
    }
    this.canPlayLossless = this.#engine.canPlayLossless;
    this.#applyVolume();
    return this.#engine;
  }

  async #grantedAddress(engine: PlaybackEngine): Promise<string | null> {
    if (this.track === null) return null;
    const { trackId } = this.track;
    const { quality } = this.preferences;
    const lossless = quality === 'lossless' && engine.canPlayLossless;
    const maxBitrateKbps = engine.switchesInPlace || typeof quality === 'string' ? null : quality;
    const grant = await this.#deps.requestGrant({ trackId, lossless, maxBitrateKbps });
    if (this.track?.trackId === trackId) {
      // While a track is still being transcoded only the stream knows how long it is so far.
      this.#isDurationExact = grant.durationSeconds !== null;
      this.durationSeconds = grant.durationSeconds ?? this.durationSeconds;
    }
    return grant.losslessUrl ?? grant.url;
  }

  /** Gets a fresh grant and goes on at the same place; tells the listener only when that does not help. */
  async #recover(fault: StreamFault, cause?: unknown): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    const generation = this.#generation;
    let error = cause;
    for (;;) {
      const refusal = error === undefined ? null : toApiError(error);
      const waitMs = this.#recovery.nextWaitMs(this.currentSeconds);
      if (waitMs === null || refusal?.kind === 'refused') {
        this.#giveUp(
          refusal?.message ?? 'The music stopped because the stream could not be read. Please try again.',
        );
        return;
      }
      await this.#whenWorthTrying(waitMs);
      if (generation !== this.#generation) return;
      try {
        const engine = await this.#readyEngine();
        const address = await this.#grantedAddress(engine);
        if (generation !== this.#generation || address === null) return;
        if (fault === 'media' || !engine.renew(address)) this.#load(engine, address);
        this.#isRecovering = false;
        return;
      } catch (again) {
        if (generation !== this.#generation) return;
        error = again;
      }
    }
  }

  async #whenWorthTrying(waitMs: number): Promise<void> {
    await this.#deps.wait(waitMs);
    if (this.#deps.isOnline()) return;
    const generation = this.#generation;
    this.failure = 'You are offline. The music goes on when the connection is back.';
    await this.#deps.whenOnline();
    if (generation === this.#generation) this.failure = null;
  }

  #giveUp(sentence: string): void {
    this.#generation += 1;
    this.#isRecovering = false;
    this.#engine?.pause();
    this.isPlaying = false;
    this.isWaiting = false;
    this.failure = sentence;
  }

  #applyVolume(): void {
    this.#engine?.setVolume(this.preferences.volume, this.preferences.isMuted);
  }

  readonly #listener: EngineListener = {
    onTime: (currentSeconds, bufferedUntilSeconds) => {
      // Between two streams the element's clock stands at 0 for a moment.
      if (currentSeconds === 0 && this.isWaiting) return;
      this.currentSeconds = currentSeconds;
      this.bufferedUntilSeconds = bufferedUntilSeconds;
      this.#recovery.progressed(currentSeconds);
    },
    onDuration: (durationSeconds) => {
      if (!this.#isDurationExact) this.durationSeconds = durationSeconds;
    },
    onFlow: (isFlowing) => {
      this.isWaiting = !isFlowing && this.isPlaying;
    },
    onPausedFromOutside: () => {
      this.isPlaying = false;
      this.isWaiting = false;
    },
    onEnded: () => {
      if (this.hasNext) this.#move(1);
      else this.isPlaying = false;
    },
    onRendition: (rendition) => {
      this.rendition = rendition;
    },
    onFault: (fault) => {
      void this.#recover(fault);
    },
  };
}
