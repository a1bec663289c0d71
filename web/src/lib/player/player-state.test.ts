import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '$lib/api/api-error.ts';
import { FakeEngine } from '$lib/testing/fake-engine.ts';
import { makeCard } from '$lib/testing/make-track.ts';
import type { GrantWish } from './grant.ts';
import { PlayerState } from './player-state.svelte.ts';

const [a, b] = [makeCard(), makeCard()];
let engine: FakeEngine;
let player: PlayerState;
let wishes: GrantWish[];
let waits: number[];
/** What the next grants are refused with. */
let refusals: ApiError[];
let grantedSeconds: number | null;
let isOnline: boolean;
let comeOnline: () => void;

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function lastLoad(): string | undefined {
  return engine.calls.findLast((call) => call.startsWith('load') || call.startsWith('renew'));
}

beforeEach(() => {
  wishes = [];
  waits = [];
  refusals = [];
  isOnline = true;
  grantedSeconds = 200;
  player = new PlayerState({
    createEngine: async (listener) => {
      engine = new FakeEngine(listener);
      return engine;
    },
    requestGrant: async (wish) => {
      wishes.push(wish);
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      return {
        url: `/grant${wishes.length}`,
        ...(wish.lossless ? { losslessUrl: `/lossless${wishes.length}` } : {}),
        expiresAt: '2030-01-01T00:00:00.000Z',
        durationSeconds: grantedSeconds,
        loudness: null,
        waveformUrl: null,
      };
    },
    wait: async (ms) => {
      waits.push(ms);
    },
    isOnline: () => isOnline,
    whenOnline: () => new Promise((resolve) => (comeOnline = resolve)),
  });
});

describe('play', () => {
  it('opens the granted stream and plays it', async () => {
    await player.play(a, [a, b]);
    expect(engine.calls).toContain('load /grant1 at 0 as auto');
    expect(engine.calls.at(-1)).toBe('play');
    expect(player.track).toBe(a);
  });

  it('starts where it is told', async () => {
    await player.play(a, [a], { atSeconds: 42 });
    expect(lastLoad()).toBe('load /grant1 at 42 as auto');
  });

  it('drops a grant that comes after another track was pressed', async () => {
    const first = player.play(a);
    const second = player.play(b);
    await Promise.all([first, second]);
    expect(engine.calls.filter((call) => call.startsWith('load'))).toEqual(['load /grant2 at 0 as auto']);
  });

  it('shows that sound is on its way until it flows', async () => {
    await player.play(a);
    expect(player.isWaiting).toBe(true);
    engine.listener.onFlow(true);
    expect(player.isWaiting).toBe(false);
  });
});

describe('toggle', () => {
  it('pauses and goes on without a new grant', async () => {
    await player.play(a);
    player.toggle();
    expect([player.isPlaying, engine.calls.at(-1)]).toEqual([false, 'pause']);
    player.toggle();
    expect([player.isPlaying, engine.calls.at(-1), wishes.length]).toEqual([true, 'play', 1]);
  });

  it('follows a pause from outside', async () => {
    await player.play(a);
    engine.listener.onPausedFromOutside();
    expect(player.isPlaying).toBe(false);
  });
});

describe('the queue', () => {
  it('goes on to the next track when one ends', async () => {
    await player.play(a, [a, b]);
    engine.listener.onEnded();
    await settle();
    expect([player.track, player.isPlaying]).toEqual([b, true]);
  });

  it('stops after the last track', async () => {
    await player.play(a);
    engine.listener.onEnded();
    expect([player.track, player.isPlaying]).toEqual([a, false]);
  });

  it('goes to the track before while this one has only begun', async () => {
    await player.play(b, [a, b]);
    engine.listener.onTime(2, 10);
    player.previous();
    expect(player.track).toBe(a);
  });

  it('starts a track again that has been playing for a while', async () => {
    await player.play(b, [a, b]);
    engine.listener.onFlow(true);
    engine.listener.onTime(4, 10);
    player.previous();
    expect([player.track, engine.calls.at(-1)]).toEqual([b, 'seek 0']);
  });
});

describe('adding to what is played', () => {
  it('plays it after the present track, from where that one came', async () => {
    const source = { kind: 'release', id: 'rel_1' } as const;
    await player.play(a, [a], { source });
    player.enqueue([b], 'next');
    engine.listener.onEnded();
    await settle();
    expect([player.track, player.queue.source]).toEqual([b, source]);
  });

  it('begins to play where there was silence', async () => {
    player.enqueue([b], 'last');
    await settle();
    expect([player.track, player.isPlaying]).toEqual([b, true]);
  });
});

describe('seeking', () => {
  it('stays within the track', async () => {
    await player.play(a);
    player.seekTo(500);
    expect(engine.calls.at(-1)).toBe('seek 200');
    player.seekBy(-900);
    expect(engine.calls.at(-1)).toBe('seek 0');
  });

  it('counts even before the stream is open', async () => {
    const opening = player.play(a);
    player.seekTo(30);
    await opening;
    expect(lastLoad()).toBe('load /grant1 at 30 as auto');
  });
});

describe('quality', () => {
  it('switches among bitrates without touching the stream', async () => {
    await player.play(a);
    player.setQuality(128);
    expect([engine.calls.at(-1), wishes.length]).toEqual(['quality 128', 1]);
  });

  it('opens the lossless stream at the same place', async () => {
    await player.play(a);
    engine.listener.onFlow(true);
    engine.listener.onTime(61, 70);
    player.setQuality('lossless');
    await settle();
    expect(lastLoad()).toBe('load /lossless2 at 61 as lossless');
  });

  it('asks for no lossless stream that the browser cannot play', async () => {
    await player.play(a);
    engine.canPlayLossless = false;
    player.setQuality('lossless');
    await settle();
    expect(wishes.at(-1)?.lossless).toBe(false);
  });

  it('puts a limit into the grant where the engine cannot switch', async () => {
    await player.play(a);
    engine.switchesInPlace = false;
    player.setQuality(64);
    await settle();
    expect(wishes.at(-1)?.maxBitrateKbps).toBe(64);
  });
});

describe('when a stream fails', () => {
  it('goes on with a fresh grant before the listener notices', async () => {
    await player.play(a);
    engine.listener.onFault('refused');
    await settle();
    expect([lastLoad(), player.failure, player.isPlaying]).toEqual(['renew /grant2', null, true]);
  });

  it('opens the stream again at the same place where it cannot be renewed', async () => {
    await player.play(a);
    engine.listener.onFlow(true);
    engine.listener.onTime(61, 70);
    engine.canRenew = false;
    engine.listener.onFault('network');
    await settle();
    expect(lastLoad()).toBe('load /grant2 at 61 as auto');
  });

  it('opens the stream again after a fault of the decoder', async () => {
    await player.play(a);
    engine.listener.onFault('media');
    await settle();
    expect(lastLoad()).toBe('load /grant2 at 0 as auto');
  });

  it('asks for one grant however many faults come at once', async () => {
    await player.play(a);
    engine.listener.onFault('refused');
    engine.listener.onFault('refused');
    await settle();
    expect(wishes).toHaveLength(2);
  });

  it('tells the listener after three failures in a row, and stops', async () => {
    await player.play(a);
    refusals = Array.from(
      { length: 3 },
      () => new ApiError('unreachable', 'Melro does not answer right now.'),
    );
    engine.listener.onFault('network');
    await settle();
    expect(waits).toEqual([0, 1500, 4000]);
    expect([player.failure, player.isPlaying]).toEqual(['Melro does not answer right now.', false]);
  });

  it("shows the API's sentence at once where it refuses", async () => {
    await player.play(a);
    refusals = [new ApiError('refused', 'It does not exist, or it is not yours to see.', { status: 404 })];
    engine.listener.onFault('refused');
    await settle();
    expect(player.failure).toBe('It does not exist, or it is not yours to see.');
  });

  it('waits for the connection, says so, and goes on by itself', async () => {
    await player.play(a);
    isOnline = false;
    engine.listener.onFault('network');
    await settle();
    expect(player.failure).toMatch(/offline/);
    isOnline = true;
    comeOnline();
    await settle();
    expect([player.failure, lastLoad()]).toEqual([null, 'renew /grant2']);
  });

  it('tries again when the listener asks for it', async () => {
    await player.play(a);
    refusals = [new ApiError('refused', 'Not now.')];
    engine.listener.onFault('refused');
    await settle();
    player.toggle();
    await settle();
    expect([player.failure, player.isPlaying, engine.calls.at(-1)]).toEqual([null, true, 'play']);
  });
});

it('learns from the stream how long a track is so far that is still being transcoded', async () => {
  grantedSeconds = null;
  await player.play(makeCard({ durationSeconds: null }));
  engine.listener.onDuration(12);
  expect(player.durationSeconds).toBe(12);
});

it('takes in what the end of a transcode makes known', async () => {
  grantedSeconds = null;
  const draft = makeCard({ durationSeconds: null, artistName: null });
  await player.play(draft);
  engine.listener.onDuration(12);
  player.update({ ...draft, artistName: 'Ana', durationSeconds: 180 });
  engine.listener.onDuration(24);
  expect([player.track?.artistName, player.durationSeconds]).toEqual(['Ana', 180]);
});

it('keeps to the exact length of a published track', async () => {
  await player.play(a);
  engine.listener.onDuration(200.04);
  expect(player.durationSeconds).toBe(200);
});

it('applies volume and mute to the engine', async () => {
  await player.play(a);
  player.setVolume(0.4);
  expect(engine.calls.at(-1)).toBe('volume 0.4');
  player.toggleMute();
  expect(engine.calls.at(-1)).toBe('volume muted');
});
