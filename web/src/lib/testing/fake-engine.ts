import type { EngineListener, PlaybackEngine } from '$lib/player/engine.ts';
import type { Quality } from '$lib/player/quality.ts';

/** An engine that plays nothing and remembers what it was told. */
export class FakeEngine implements PlaybackEngine {
  canPlayLossless = true;
  switchesInPlace = true;
  canRenew = true;
  readonly calls: string[] = [];
  readonly listener: EngineListener;

  constructor(listener: EngineListener) {
    this.listener = listener;
  }

  load(address: string, atSeconds: number, quality: Quality): void {
    this.calls.push(`load ${address} at ${atSeconds} as ${quality}`);
  }

  renew(address: string): boolean {
    if (this.canRenew) this.calls.push(`renew ${address}`);
    return this.canRenew;
  }

  play(): Promise<void> {
    this.calls.push('play');
    return Promise.resolve();
  }

  pause(): void {
    this.calls.push('pause');
  }

  seekTo(seconds: number): void {
    this.calls.push(`seek ${seconds}`);
  }

  setVolume(volume: number, isMuted: boolean): void {
    this.calls.push(`volume ${isMuted ? 'muted' : volume}`);
  }

  setQuality(quality: Quality): void {
    this.calls.push(`quality ${quality}`);
  }

  unload(): void {
    this.calls.push('unload');
  }
}
