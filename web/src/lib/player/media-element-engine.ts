import type { EngineListener, PlaybackEngine } from './engine.ts';
import type { Quality } from './quality.ts';

/** What every engine shares: the audio element's clock, flow and volume. */
export abstract class MediaElementEngine implements PlaybackEngine {
  abstract readonly canPlayLossless: boolean;
  abstract readonly switchesInPlace: boolean;
  protected readonly audio: HTMLAudioElement;
  protected readonly listener: EngineListener;
  #wantsSound = false;

  constructor(audio: HTMLAudioElement, listener: EngineListener) {
    this.audio = audio;
    this.listener = listener;
    audio.addEventListener('timeupdate', () => this.#tellTime());
    audio.addEventListener('progress', () => this.#tellTime());
    audio.addEventListener('seeking', () => this.#tellTime());
    audio.addEventListener('durationchange', () => {
      if (Number.isFinite(audio.duration) && audio.duration > 0) listener.onDuration(audio.duration);
    });
    audio.addEventListener('playing', () => listener.onFlow(true));
    audio.addEventListener('waiting', () => listener.onFlow(false));
    audio.addEventListener('ended', () => listener.onEnded());
    audio.addEventListener('pause', () => {
      // The event comes late: by then the listener may have pressed play again, and it is of a pause long past.
      if (this.#wantsSound && audio.paused && !audio.ended && audio.currentSrc !== '') {
        this.#wantsSound = false;
        listener.onPausedFromOutside();
      }
    });
  }

  abstract load(address: string, atSeconds: number, quality: Quality): void;
  abstract renew(address: string): boolean;
  abstract setQuality(quality: Quality): void;
  abstract unload(): void;

  #tellTime(): void {
    const { buffered, currentTime } = this.audio;
    let bufferedUntilSeconds = currentTime;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= currentTime + 0.5 && buffered.end(i) > currentTime)
        bufferedUntilSeconds = buffered.end(i);
    }
    this.listener.onTime(currentTime, bufferedUntilSeconds);
  }

  async play(): Promise<void> {
    this.#wantsSound = true;
    try {
      await this.audio.play();
    } catch (error) {
      // A newer load or a pause overtook this call; only a refusal to play is worth telling.
      if (error instanceof DOMException && error.name === 'NotAllowedError')
        this.listener.onPausedFromOutside();
    }
  }

  pause(): void {
    this.#wantsSound = false;
    this.audio.pause();
  }

  seekTo(seconds: number): void {
    this.audio.currentTime = seconds;
  }

  setVolume(volume: number, isMuted: boolean): void {
    // Loudness is felt on a curve: half-way on the slider should sound about half as loud.
    this.audio.volume = volume ** 2;
    this.audio.muted = isMuted;
  }
}
