/** What is in the database and the bucket, as the campaign judges it. */
export interface Snapshot {
  tracks: { id: string; state: string; version: string | null; previewVersion: string | null }[];
  transcodes: {
    id: string;
    trackId: string;
    state: string;
    attempt: number;
    faultCount: number;
    lastFault: string | null;
    version: string | null;
  }[];
  attempts: { version: string; trackId: string; state: string }[];
  letters: number;
  objects: { key: string; size: number; etag: string }[];
  /** SHA-256 of originals by key. */
  originals: Record<string, string>;
}

/** A question to the platform's process. */
export interface Ask {
  id: number;
  ask: 'sweep' | 'snapshot';
  /** How far ahead of the clock the sweep is to think it is. */
  aheadMs?: number;
}

/** Its answer; the first, with id 0, is the platform's address. */
export type Told = { id: number; answer: unknown } | { id: number; problem: string };
