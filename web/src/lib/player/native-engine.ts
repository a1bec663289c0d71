import type { EngineListener } from './engine.ts';
import { MediaElementEngine } from './media-element-engine.ts';

/** Plays HLS where the browser does so by itself and has no Media Source (iPhone before iOS 17.1). */
export class NativeEngine extends MediaElementEngine {
  readonly canPlayLossless = true;
  readonly switchesInPlace = false;
  #startSeconds = 0;

  constructor(audio: HTMLAudioElement, listener: EngineListener) {
    super(audio, listener);
    audio.addEventListener('loadedmetadata', () => {
      if (this.#startSeconds > 0) audio.currentTime = this.#startSeconds;
    });
    audio.addEventListener('error', () => {
      const isNetwork = audio.error?.code === MediaError.MEDIA_ERR_NETWORK;
      // An unsupported source is also what Safari says of a playlist that was refused.
      if (audio.error !== null) listener.onFault(isNetwork ? 'network' : 'refused');
    });
  }

  load(address: string, atSeconds: number): void {
    this.#startSeconds = atSeconds;
    this.audio.src = address;
  }

  renew(): boolean {
    return false;
  }

  setQuality(): void {
    // The browser chooses; a limit rides in the grant.
  }

  unload(): void {
    this.audio.removeAttribute('src');
    this.audio.load();
  }
}
