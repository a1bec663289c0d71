import type { PlaybackGrant } from '$lib/api/client.ts';
import type { EngineListener, PlaybackEngine } from './engine.ts';
import type { GrantWish } from './grant.ts';

/** What the player needs from the world, so that it can be tried without one. */
export interface PlayerDeps {
  createEngine(listener: EngineListener): Promise<PlaybackEngine>;
  requestGrant(wish: GrantWish): Promise<PlaybackGrant>;
  wait(ms: number): Promise<void>;
  isOnline(): boolean;
  whenOnline(): Promise<void>;
}
