import { DurableObject } from 'cloudflare:workers';
import { forgottenAtMs, type Rate, type RateState, takeOne, type Verdict } from './gcra.ts';

const KEY = 'kept';

/**
 * What means nothing any more is kept this much longer. A listener asks every few minutes: without it each song
 * would cost an alarm set, an alarm rung and a deletion, where an hour of storage for a few bytes costs nothing.
 */
const LINGER_MS = 3_600_000;

/** The rate is kept with the state, so that the alarm knows when there is nothing left to keep. */
interface Kept {
  rate: Rate;
  state: RateState;
  /** When the alarm was set for; it stays where it is when attempts follow, for each setting is a row written. */
  alarmAtMs: number;
}

/**
 * The limit of one key. There is one object per policy and key, so attempts from anywhere in the world come here
 * one after another, and keys never wait for each other.
 *
 * A write comes before the answer without being awaited: a Durable Object's output gate holds every message it
 * sends, answers to RPC included, until the writes before it are durable, and throws them away if a write fails
 * (developers.cloudflare.com/durable-objects/reference/in-memory-state). So nobody has ever been told of an
 * admission that a restart could forget. No state is kept in memory. The kill test holds this.
 */
export class RateLimiter extends DurableObject {
  /** Decides on one attempt, by the object's own clock: no caller's can be trusted to agree with another's. */
  async take(rate: Rate): Promise<Verdict> {
    const nowMs = Date.now();
    const kept = this.ctx.storage.kv.get<Kept>(KEY);
    const { verdict, state, forgottenAtMs: endMs } = takeOne(rate, kept?.state ?? null, nowMs);
    if (!verdict.isAllowed && kept?.state.arrivalMs === state.arrivalMs) return verdict;
    // An alarm in the past has been lost or is about to run; another does no harm.
    const isAlarmSet = kept !== undefined && kept.alarmAtMs > nowMs && kept.alarmAtMs <= endMs + LINGER_MS;
    const alarmAtMs = isAlarmSet ? kept.alarmAtMs : endMs + LINGER_MS;
    this.ctx.storage.kv.put<Kept>(KEY, { rate, state, alarmAtMs });
    if (!isAlarmSet) await this.ctx.storage.setAlarm(alarmAtMs);
    return verdict;
  }

  /** Forgets every attempt: whoever made them turned out to be who they said. */
  async forgive(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  /** Deletes what means nothing any more, so that an object nobody asks costs nothing, storage included. */
  override async alarm(): Promise<void> {
    const kept = this.ctx.storage.kv.get<Kept>(KEY);
    const endMs = kept === undefined ? 0 : forgottenAtMs(kept.rate, kept.state);
    if (kept === undefined || endMs <= Date.now()) {
      await this.ctx.storage.deleteAll();
      return;
    }
    const alarmAtMs = endMs + LINGER_MS;
    this.ctx.storage.kv.put<Kept>(KEY, { ...kept, alarmAtMs });
    await this.ctx.storage.setAlarm(alarmAtMs);
  }
}
