import type { PlayingRendition, Quality } from './quality.ts';

/** Why a stream stopped: the server refused, it could not be reached, or the bytes could not be played. */
export type StreamFault = 'refused' | 'network' | 'media';

/** What an engine tells. */
export interface EngineListener {
  onTime(currentSeconds: number, bufferedUntilSeconds: number): void;
  onDuration(durationSeconds: number): void;
  /** Sound comes out (true), or is waited for (false). */
  onFlow(isFlowing: boolean): void;
  /** Paused from outside: a headset was pulled out, another app took over. */
  onPausedFromOutside(): void;
  onEnded(): void;
  onRendition(rendition: PlayingRendition): void;
  onFault(fault: StreamFault): void;
}

/** One stream at a time on one audio element. */
export interface PlaybackEngine {
  /** Lossless needs FLAC in Media Source or in native HLS. */
  readonly canPlayLossless: boolean;
  /** False where a fixed bitrate needs a grant of its own, because the engine chooses by itself. */
  readonly switchesInPlace: boolean;
  load(address: string, atSeconds: number, quality: Quality): void;
  /**
   * Goes on with a fresh grant's address for the same stream without a break.
   * Returns false where it cannot; then `load` again.
   */
  renew(address: string): boolean;
  play(): Promise<void>;
  pause(): void;
  seekTo(seconds: number): void;
  /** Volume from 0 to 1 as a listener feels it. */
  setVolume(volume: number, isMuted: boolean): void;
  /** Switches among the renditions of the stream that is loaded. */
  setQuality(quality: Quality): void;
  unload(): void;
}
