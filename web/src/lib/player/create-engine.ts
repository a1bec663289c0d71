import type { EngineListener, PlaybackEngine } from './engine.ts';

/** Returns the engine that suits this browser; hls.js is fetched only here, on the first play. */
export async function createEngine(
  audio: HTMLAudioElement,
  listener: EngineListener,
): Promise<PlaybackEngine> {
  const hasMediaSource = 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis;
  if (hasMediaSource) {
    const { createHlsEngine, HlsEngine } = await import('./hls-engine.ts');
    if (HlsEngine.isSupported()) return createHlsEngine(audio, listener);
  }
  const { NativeEngine } = await import('./native-engine.ts');
  return new NativeEngine(audio, listener);
}
