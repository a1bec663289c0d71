export { RateLimiter } from './rate-limiter.ts';
export { TranscoderContainer } from './transcoder-container.ts';
