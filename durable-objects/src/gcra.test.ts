import { describe, expect, it } from 'vitest';
import { intervalMs, type Rate, type RateState, takeOne } from './gcra.ts';

const START_MS = Date.UTC(2026, 10, 21);

/** One key's limit on a clock that a test moves. */
class Key {
  state: RateState | null = null;
  nowMs = START_MS;
  readonly rate: Rate;

  constructor(rate: Rate) {
    this.rate = rate;
  }

  /** Attempts as a durable object would, which deletes what is forgotten. */
  take() {
    const taken = takeOne(this.rate, this.state, this.nowMs);
    this.state = taken.forgottenAtMs <= this.nowMs ? null : taken.state;
    return taken.verdict;
  }

  takeMany(count: number): number {
    return Array.from({ length: count }, () => this.take()).filter(({ isAllowed }) => isAllowed).length;
  }
}

/** The same numbers on every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The most that any stretch of the admitted times held beyond what the rate allows for its length. */
function worstExcess(admittedMs: number[], rate: Rate): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const [first, fromMs] of admittedMs.entries()) {
    for (let last = first; last < admittedMs.length; last++) {
      const allowed = rate.burst + Math.floor(((admittedMs[last] ?? 0) - fromMs) / intervalMs(rate));
      worst = Math.max(worst, last - first + 1 - allowed);
    }
  }
  return worst;
}

describe('a rate', () => {
  it('admits its burst at once and not one more', () => {
    for (const [burst, periodSeconds] of [
      [1, 1],
      [7, 60],
      [600, 60],
      [3, 1],
      [1000, 3600],
    ] as const) {
      const key = new Key({ burst, periodSeconds });
      expect(key.takeMany(burst + 50), `${burst} per ${periodSeconds} s`).toBe(burst);
    }
  });

  it('counts down what remains and says when it is whole again', () => {
    const key = new Key({ burst: 3, periodSeconds: 30 });
    expect([key.take(), key.take(), key.take(), key.take()]).toEqual([
      { isAllowed: true, remaining: 2, retryAfterSeconds: 0, resetSeconds: 10 },
      { isAllowed: true, remaining: 1, retryAfterSeconds: 0, resetSeconds: 20 },
      { isAllowed: true, remaining: 0, retryAfterSeconds: 10, resetSeconds: 30 },
      { isAllowed: false, remaining: 0, retryAfterSeconds: 10, resetSeconds: 30 },
    ]);
  });

  it('admits after exactly the wait that it named, and a refusal costs nothing', () => {
    const key = new Key({ burst: 4, periodSeconds: 60 });
    key.takeMany(4);
    for (let i = 0; i < 20; i++) expect(key.take().retryAfterSeconds).toBe(15);
    key.nowMs += 14_999;
    expect(key.take()).toMatchObject({ isAllowed: false, retryAfterSeconds: 1 });
    key.nowMs += 1;
    expect(key.takeMany(2)).toBe(1);
  });

  it('has its whole burst again after the period, and never more however long it rested', () => {
    const key = new Key({ burst: 5, periodSeconds: 60 });
    key.takeMany(9);
    for (const restSeconds of [60, 3600, 86_400 * 365]) {
      key.nowMs += restSeconds * 1000;
      expect(key.takeMany(9)).toBe(5);
    }
  });

  it('in any stretch of any history admits at most the burst and what came back meanwhile', () => {
    const random = dice(20261121);
    for (let history = 0; history < 300; history++) {
      const rate = { burst: 1 + Math.floor(random() * 12), periodSeconds: 1 + Math.floor(random() * 90) };
      const key = new Key(rate);
      const pace = intervalMs(rate) * 2 ** (random() * 8 - 5);
      const admitted: number[] = [];
      for (let i = 0; i < 150; i++) {
        if (random() < 0.7) key.nowMs += Math.floor(random() * pace);
        if (key.take().isAllowed) admitted.push(key.nowMs);
      }
      expect(admitted.length).toBeGreaterThan(0);
      expect(worstExcess(admitted, rate), JSON.stringify(rate)).toBeLessThanOrEqual(0);
    }
  });

  it('tells the truth about remaining attempts and waits, whatever came before', () => {
    const random = dice(7);
    for (let history = 0; history < 300; history++) {
      const rate = { burst: 1 + Math.floor(random() * 9), periodSeconds: 1 + Math.floor(random() * 60) };
      const key = new Key(rate);
      for (let i = 0; i < 40; i++) {
        key.nowMs += Math.floor(random() * 3000);
        const { remaining, retryAfterSeconds } = key.take();
        const { state, nowMs } = key;
        expect(key.takeMany(rate.burst + 1)).toBe(remaining);
        Object.assign(key, { state, nowMs: nowMs + retryAfterSeconds * 1000 });
        expect(key.take().isAllowed).toBe(true);
        Object.assign(key, { state, nowMs });
      }
    }
  });
});

describe('a clock that is set back', () => {
  it('admits nobody too many, and is overcome within one period', () => {
    const rate = { burst: 5, periodSeconds: 60 };
    const key = new Key(rate);
    key.takeMany(5);
    key.nowMs -= 86_400_000;
    expect(key.takeMany(10)).toBe(0);
    key.nowMs += 60_000;
    expect(key.takeMany(10)).toBe(5);
  });

  it('by up to a minute, again and again, still keeps to the rate by the time that really went by', () => {
    const rate = { burst: 4, periodSeconds: 40 };
    const random = dice(3);
    const key = new Key(rate);
    const admitted: number[] = [];
    let realMs = 0;
    for (let i = 0; i < 400; i++) {
      realMs += 2000;
      // Never later than the time that really went by, sometimes far before it.
      key.nowMs = START_MS + realMs - Math.floor(random() ** 4 * 60_000);
      if (key.take().isAllowed) admitted.push(realMs);
    }
    const elapsed = Math.floor(realMs / intervalMs(rate));
    expect(admitted.length).toBeLessThanOrEqual(rate.burst + elapsed);
  });
});

describe('a rate that changed', () => {
  it('makes nobody wait longer than its own period', () => {
    const key = new Key({ burst: 1, periodSeconds: 86_400 });
    key.take();
    const { verdict } = takeOne({ burst: 10, periodSeconds: 60 }, key.state, key.nowMs);
    expect(verdict).toEqual({ isAllowed: false, remaining: 0, retryAfterSeconds: 6, resetSeconds: 60 });
  });
});

describe('a back-off', () => {
  const rate: Rate = {
    burst: 5,
    periodSeconds: 300,
    backOff: { freeAttempts: 5, longestWaitSeconds: 900, forgetSeconds: 86_400 },
  };

  /** Attempts as soon as it may, `count` times; returns the waits in seconds. */
  function insist(key: Key, count: number): number[] {
    return Array.from({ length: count }, () => {
      let waitedSeconds = 0;
      for (;;) {
        const { isAllowed, retryAfterSeconds } = key.take();
        if (isAllowed) return waitedSeconds;
        waitedSeconds += retryAfterSeconds;
        key.nowMs += retryAfterSeconds * 1000;
      }
    });
  }

  it('doubles the wait of who insists, up to the longest, and locks nobody out', () => {
    expect(insist(new Key(rate), 14)).toEqual([0, 0, 0, 0, 0, 60, 120, 240, 480, 900, 900, 900, 900, 900]);
  });

  it('leaves a day of guessing about a hundred guesses', () => {
    const key = new Key(rate);
    const endMs = key.nowMs + 86_400_000;
    let guesses = 0;
    while (key.nowMs < endMs) {
      insist(key, 1);
      guesses++;
    }
    expect(guesses).toBeLessThan(110);
    expect(guesses).toBeGreaterThan(90);
  });

  it('is not escaped by resting until the burst is whole', () => {
    const key = new Key(rate);
    insist(key, 10);
    key.nowMs += 3600_000;
    expect(key.takeMany(5)).toBe(1);
  });

  it('is forgotten after a day of quiet', () => {
    const key = new Key(rate);
    insist(key, 12);
    key.nowMs += (240 + 900 + 86_400) * 1000;
    expect(key.takeMany(9)).toBe(5);
  });
});
