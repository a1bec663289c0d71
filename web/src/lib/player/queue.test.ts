import { describe, expect, it } from 'vitest';
import { makeTrack } from '$lib/testing/make-track.ts';
import { moveBy, queueFrom, trackAt, withTrack } from './queue.ts';

const [a, b, c] = [makeTrack(), makeTrack(), makeTrack()];

describe('queueFrom', () => {
  it('stands at the track that was pressed, with its list around it', () => {
    const queue = queueFrom(b, [a, b, c]);
    expect([trackAt(queue, -1), trackAt(queue, 0), trackAt(queue, 1)]).toEqual([a, b, c]);
  });

  it('leaves out what cannot be played', () => {
    const failed = makeTrack({ playable: false });
    expect(queueFrom(a, [a, failed, b]).tracks).toEqual([a, b]);
  });

  it('plays a track alone that is not in the list', () => {
    expect(queueFrom(c, [a, b])).toEqual({ tracks: [c], index: 0 });
  });
});

it('learns newer facts about a track', () => {
  const renamed = { ...b, title: 'New name' };
  expect(withTrack(queueFrom(a, [a, b]), renamed).tracks).toEqual([a, renamed]);
});

describe('moveBy', () => {
  it('goes to the next track', () => {
    expect(trackAt(moveBy(queueFrom(a, [a, b]), 1), 0)).toBe(b);
  });

  it('stays where it is at the ends', () => {
    const queue = queueFrom(b, [a, b]);
    expect(moveBy(queue, 1)).toBe(queue);
    expect(moveBy(queueFrom(a, [a, b]), -1)).toEqual(queueFrom(a, [a, b]));
  });
});
