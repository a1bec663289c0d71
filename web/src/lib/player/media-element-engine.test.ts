import { expect, it } from 'vitest';
import type { EngineListener } from './engine.ts';
import { MediaElementEngine } from './media-element-engine.ts';

/** An audio element whose events come late, as a browser's do. */
class LateAudio extends EventTarget {
  paused = true;
  ended = false;
  currentSrc = 'stream';
  #due: string[] = [];

  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    if (!this.paused) this.#due.push('pause');
    this.paused = true;
  }

  deliver(): void {
    for (const type of this.#due.splice(0)) this.dispatchEvent(new Event(type));
  }
}

class PlainEngine extends MediaElementEngine {
  readonly canPlayLossless = true;
  readonly switchesInPlace = true;
  load(): void {}
  renew(): boolean {
    return false;
  }
  setQuality(): void {}
  unload(): void {}
}

function setUp() {
  const audio = new LateAudio();
  let pausedFromOutside = 0;
  const listener: EngineListener = {
    onTime: () => {},
    onDuration: () => {},
    onFlow: () => {},
    onPausedFromOutside: () => {
      pausedFromOutside += 1;
    },
    onEnded: () => {},
    onRendition: () => {},
    onFault: () => {},
  };
  const engine = new PlainEngine(audio as unknown as HTMLAudioElement, listener);
  return { audio, engine, pausedFromOutside: () => pausedFromOutside };
}

it('pausing and playing faster than the element tells of it leaves the music playing', async () => {
  const { audio, engine, pausedFromOutside } = setUp();
  await engine.play();
  engine.pause();
  await engine.play();
  audio.deliver();
  expect(audio.paused).toBe(false);
  expect(pausedFromOutside()).toBe(0);
});

it('a pause that nobody here asked for is told, once', async () => {
  const { audio, engine, pausedFromOutside } = setUp();
  await engine.play();
  audio.pause();
  audio.deliver();
  engine.pause();
  audio.deliver();
  expect(pausedFromOutside()).toBe(1);
});
