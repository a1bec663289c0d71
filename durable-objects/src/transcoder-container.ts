import { Container } from '@cloudflare/containers';

/**
 * One running transcoder. It is handed bytes and answers bytes: no credentials, and no way out to the
 * internet, so that a hostile file has nothing to steal and nobody to tell.
 */
export class TranscoderContainer extends Container {
  override defaultPort = 9090;
  override enableInternet = false;
  /** An idle instance costs money; a new one starts within seconds. */
  override sleepAfter = '5m';
}
