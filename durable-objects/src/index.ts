export { TranscoderContainer } from './transcoder-container.ts';
