import { describe, expect, it } from 'vitest';
import { makeCard } from '$lib/testing/make-track.ts';
import { moveBy, queueFrom, trackAt, withFacts, withMore } from './queue.ts';

const [a, b, c] = [makeCard(), makeCard(), makeCard()];

describe('queueFrom', () => {
  it('stands at the track that was pressed, with its list around it', () => {
    const queue = queueFrom(b, [a, b, c]);
    expect([trackAt(queue, -1), trackAt(queue, 0), trackAt(queue, 1)]).toEqual([a, b, c]);
  });

  it('plays a track alone that is not in the list', () => {
    expect(queueFrom(c, [a, b])).toEqual({ tracks: [c], index: 0, source: null });
  });
});

it('learns newer facts about a track', () => {
  const renamed = { ...b, title: 'New name' };
  expect(withFacts(queueFrom(a, [a, b]), renamed).tracks).toEqual([a, renamed]);
});

describe('withMore', () => {
  it('puts tracks right after the one that is played', () => {
    expect(withMore(queueFrom(a, [a, b]), [c], 'next').tracks).toEqual([a, c, b]);
  });

  it('puts tracks at the end, whatever is played', () => {
    expect(withMore(queueFrom(a, [a, b]), [c], 'last')).toMatchObject({ tracks: [a, b, c], index: 0 });
  });
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
