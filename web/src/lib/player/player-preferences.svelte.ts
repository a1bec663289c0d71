import { readStored, writeStored } from '$lib/stored.ts';
import { isQuality, type Quality } from './quality.ts';

function isVolume(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** What the listener has set, kept for later visits. */
export class PlayerPreferences {
  volume = $state(readStored('melro.volume', isVolume, 1));
  isMuted = $state(readStored('melro.muted', isBoolean, false));
  quality = $state<Quality>(readStored('melro.quality', isQuality, 'auto'));
  hasShortcuts = $state(readStored('melro.shortcuts', isBoolean, true));

  /** Sets the volume, 0 to 1; turning it up from mute unmutes. */
  setVolume(volume: number): void {
    this.volume = Math.round(Math.min(1, Math.max(0, volume)) * 100) / 100;
    writeStored('melro.volume', this.volume);
    if (this.volume > 0) this.#setMuted(false);
  }

  /** Mutes and unmutes; unmuting at volume 0 would be silent still, so it turns up. */
  toggleMute(): void {
    if (this.isMuted && this.volume === 0) this.volume = 0.5;
    this.#setMuted(!this.isMuted);
  }

  setQuality(quality: Quality): void {
    this.quality = quality;
    writeStored('melro.quality', quality);
  }

  setShortcuts(hasShortcuts: boolean): void {
    this.hasShortcuts = hasShortcuts;
    writeStored('melro.shortcuts', hasShortcuts);
  }

  #setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    writeStored('melro.muted', isMuted);
  }
}
