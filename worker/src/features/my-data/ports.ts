import type { Locale } from '../../platform/locale.ts';
import type { RecordSecurityEvent } from '../../platform/security-events.ts';

/** Somebody, as far as saying goodbye goes. */
export interface Person {
  id: string;
  handle: string;
  name: string;
  email: string;
  emailVerified: boolean;
  locale: Locale;
  /** When everything of theirs goes; null where they stay. */
  deletesAt: Date | null;
}

/** Messages that this feature sends; the same key twice is one message. */
export type DataMail = { to: string; locale: Locale; idempotencyKey: string } & (
  | { template: 'export_ready'; data: { name: string; token: string; expiresAtMs: number } }
  | { template: 'account_deletion_requested'; data: { name: string; token: string; deletedAtMs: number } }
  | { template: 'account_deleted'; data: { name: string } }
);
export type SendDataMail = (mail: DataMail) => Promise<unknown>;

/** An original as its owner gets it back. */
export interface Original {
  uploadId: string;
  fileName: string;
  sizeBytes: number;
  /** Its key in the bucket. */
  key: string;
  uploadedAtMs: number;
}

/** A small file of a copy. */
export type Document = { path: string } & ({ content: unknown } | { bytes: Uint8Array });

/** What is kept of somebody, as the features that keep it tell it. */
export interface DataSources {
  /** Yields documents of somebody: what is to become a JSON file, or a small file as it is. */
  documents(userId: string): AsyncIterable<Document>;
  /** Yields originals of somebody in a fixed order, those behind the one named by `after`. */
  originals(userId: string, after: string | null): AsyncIterable<Original>;
}

/** Removes some of what a feature keeps of somebody; returns whether nothing is left. Repeatable, may be cut off. */
export type Eraser = (person: Person) => Promise<boolean>;

/** What this feature asks of accounts. */
export interface People {
  find(userId: string): Promise<Person | null>;
  /** Returns when the account goes; null where everybody else would be left without an admin. */
  requestDeletion(userId: string, deletesAt: Date, now: Date): Promise<Date | null>;
  /** Keeps the account; false where it is too late, or where it stays anyway. */
  cancelDeletion(userId: string, now: Date): Promise<boolean>;
  due(now: Date, limit: number): Promise<Person[]>;
  giveUpUnconfirmed(createdBefore: Date, now: Date, limit: number): Promise<number>;
  /** Removes the account itself, the last that goes. */
  erase(person: Person): Promise<void>;
}

export type { RecordSecurityEvent };
