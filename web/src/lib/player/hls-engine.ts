import Hls, { type ErrorData, type HlsConfig } from 'hls.js/light';
import type { EngineListener, StreamFault } from './engine.ts';
import { MediaElementEngine } from './media-element-engine.ts';
import { type Quality, renditionOfAddress } from './quality.ts';

const SETTINGS: Partial<HlsConfig> = {
  // Our segments are fMP4 already: there is nothing for a worker to remux.
  enableWorker: false,
  maxBufferLength: 30,
  maxMaxBufferLength: 30,
  backBufferLength: 60,
  // Starts at 192 kbit/s rather than with a probe that would be fetched and thrown away.
  testBandwidth: false,
  abrEwmaDefaultEstimate: 400_000,
};

/** A fresh grant is asked for after these; hls.js' own retries would spend half a minute first. */
const QUICK_RETRY = { maxNumRetry: 1, retryDelayMs: 500, maxRetryDelayMs: 1000 };

function quickly<P extends HlsConfig['fragLoadPolicy']>(policy: P): P {
  return { ...policy, default: { ...policy.default, errorRetry: QUICK_RETRY, timeoutRetry: QUICK_RETRY } };
}

function folderOf(address: string): string {
  return address.slice(0, address.lastIndexOf('/') + 1);
}

/** A grant's address without its token: equal for two grants of the same stream. */
function streamOf(address: string): string {
  return new URL(address, location.href).pathname.replace(/^\/media\/[^/]+\//, '');
}

/** Returns what kind of fault this is, or null where hls.js gets over it by itself. */
function faultOf({ type, fatal, response }: ErrorData): StreamFault | null {
  const status = response?.code ?? 0;
  if (status >= 400 && status < 500) return 'refused';
  if (!fatal) return null;
  return type === Hls.ErrorTypes.NETWORK_ERROR ? 'network' : 'media';
}

/** Plays through Media Source with hls.js. */
export class HlsEngine extends MediaElementEngine {
  readonly canPlayLossless = Hls.getMediaSource()?.isTypeSupported('audio/mp4; codecs="fLaC"') ?? false;
  readonly switchesInPlace = true;
  #hls: Hls | null = null;
  /** Folders of the grants used for this stream so far, the one in force last. */
  #folders: string[] = [];
  #stream = '';

  static isSupported(): boolean {
    return Hls.isSupported();
  }

  load(address: string, atSeconds: number, quality: Quality): void {
    this.unload();
    const absolute = new URL(address, location.href).href;
    this.#folders = [folderOf(absolute)];
    this.#stream = streamOf(absolute);
    const hls = new Hls({
      ...SETTINGS,
      fragLoadPolicy: quickly(Hls.DefaultConfig.fragLoadPolicy),
      playlistLoadPolicy: quickly(Hls.DefaultConfig.playlistLoadPolicy),
      manifestLoadPolicy: quickly(Hls.DefaultConfig.manifestLoadPolicy),
      // Also keeps a track that is still being transcoded from starting at its live edge.
      startPosition: atSeconds,
      xhrSetup: (xhr, url) => xhr.open('GET', this.#inForce(url), true),
    });
    this.#hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      hls.loadLevel = this.#levelOf(quality);
    });
    hls.on(Hls.Events.FRAG_CHANGED, (_, { frag }) => {
      const rendition = renditionOfAddress(frag.url);
      if (rendition !== null) this.listener.onRendition(rendition);
    });
    hls.on(Hls.Events.ERROR, (_, data) => {
      const fault = faultOf(data);
      if (fault !== null) this.listener.onFault(fault);
    });
    hls.loadSource(absolute);
    hls.attachMedia(this.audio);
  }

  /** Playlists that were read under an older grant name segments with its token: swap in the one in force. */
  #inForce(url: string): string {
    const known = this.#folders.find((folder) => url.startsWith(folder));
    const current = this.#folders.at(-1);
    return known === undefined || current === undefined ? url : current + url.slice(known.length);
  }

  renew(address: string): boolean {
    const absolute = new URL(address, location.href).href;
    if (this.#hls === null || streamOf(absolute) !== this.#stream || this.audio.error !== null) return false;
    this.#folders.push(folderOf(absolute));
    if (this.#hls.levels.length === 0) this.#hls.loadSource(absolute);
    else this.#hls.startLoad();
    return true;
  }

  #levelOf(quality: Quality): number {
    // -1 leaves the choice to hls.js, also where the stream does not have the rendition.
    return this.#hls?.levels.findIndex(({ uri }) => renditionOfAddress(uri) === quality) ?? -1;
  }

  setQuality(quality: Quality): void {
    if (this.#hls !== null && this.#hls.levels.length > 0) this.#hls.nextLevel = this.#levelOf(quality);
  }

  unload(): void {
    this.#hls?.destroy();
    this.#hls = null;
  }
}

/** Returns the engine. The one place where hls.js is loaded from. */
export function createHlsEngine(audio: HTMLAudioElement, listener: EngineListener): HlsEngine {
  return new HlsEngine(audio, listener);
}
