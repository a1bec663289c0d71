import { describe, expect, it } from 'vitest';
import { grantExpirySeconds, highestBitrateKbps, makeGrant } from './grant.ts';
import type { SignToken } from './ports.ts';

const HOUR = 3600;
const NOON = 1_800_000_000;

describe('when a grant ends', () => {
  it.each([
    ['a short track, on the hour', 200, NOON, NOON + HOUR],
    ['a short track, a second later', 200, NOON + 1, NOON + 2 * HOUR],
    ['a short track, a second before the hour', 200, NOON - 1, NOON + HOUR],
    ['a track of unknown length', null, NOON, NOON + HOUR],
    ['a track of 20 minutes: three times that is an hour', 1200, NOON, NOON + HOUR],
    ['a track a little longer', 1201, NOON, NOON + 2 * HOUR],
    ['the longest track', 3 * HOUR, NOON, NOON + 9 * HOUR],
  ])('%s', (_what, duration, now, end) => {
    expect(grantExpirySeconds(duration, now)).toBe(end);
  });

  it('is never sooner than an hour and never sooner than three times the track', () => {
    for (let now = NOON; now < NOON + HOUR; now += 97) {
      for (const duration of [0.5, 299.3, 1200, 5000.7]) {
        expect(grantExpirySeconds(duration, now) - now).toBeGreaterThanOrEqual(Math.max(HOUR, 3 * duration));
        expect(grantExpirySeconds(duration, now) % HOUR).toBe(0);
      }
    }
  });
});

it('the rendition of a wish is the highest at or below it, and never none', () => {
  const wishes = [undefined, 1, 64, 65, 128, 191, 192, 319, 320, 10_000];
  expect(wishes.map(highestBitrateKbps)).toEqual([320, 64, 64, 64, 128, 128, 192, 192, 320, 320]);
});

it('two grants within one step are one address, and in the next step another', async () => {
  const signToken: SignToken = async (claims) => JSON.stringify(claims);
  const track = {
    trackId: 'trk_1',
    version: 'ver_1',
    isLive: false,
    durationSeconds: 200,
    loudness: null,
    waveformUrl: null,
  };
  const at = async (now: number) => (await makeGrant(track, {}, 'guest', now, signToken)).url;
  expect(await at(NOON + 1)).toBe(await at(NOON + HOUR - 1));
  expect(await at(NOON + 1)).not.toBe(await at(NOON + HOUR + 1));
});
