import { expect } from 'vitest';
import { type Accounts, signedUp } from './accounts.ts';
import { type Call, read } from './api.ts';
import { rowsOf } from './state.ts';

export interface Heard {
  playId: string;
  startedAt: string;
  listenedSeconds: number;
  source: { kind: string; id: string | null };
  track: { trackId: string } | null;
}

interface Receipt {
  id: string;
  accepted: boolean;
  reason: string | null;
}

/** What a test says of a play; the rest is made up. */
export interface Report {
  id?: string;
  trackId: string;
  startedAt?: string;
  listenedSeconds?: number;
  source?: { kind: string; id?: string };
  quality?: string;
}

/** Returns how often a track was played in public. */
export async function playCount(trackId: string): Promise<number | undefined> {
  const [row] = await rowsOf<{ count: number }>(
    'SELECT play_count AS count FROM tracks WHERE id = ?',
    trackId,
  );
  return row?.count;
}

/** Signs somebody up who listens. */
export async function aListener(accounts: Accounts) {
  const person = await signedUp(accounts);
  const call = (path: string, options?: Call) => person.browser.call(path, options);
  return {
    ...person,
    call,
    /** Tells of plays, a minute each and of now where nothing else is said, and returns the receipts. */
    play: async (...reports: Report[]): Promise<Receipt[]> => {
      const now = { startedAt: new Date().toISOString(), listenedSeconds: 60 };
      const plays = reports.map((report) => ({ id: crypto.randomUUID(), ...now, ...report }));
      const answer = await call('/api/v1/plays', { json: { plays } });
      expect(answer.status).toBe(202);
      return (await read<{ items: Receipt[] }>(answer)).items;
    },
    history: async (query = ''): Promise<Heard[]> =>
      (await read<{ items: Heard[] }>(await call(`/api/v1/me/history${query}`))).items,
  };
}
