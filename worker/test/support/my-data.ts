import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { DataMail } from '../../src/features/my-data/ports.ts';
import { runExport } from '../../src/features/my-data/run-export.ts';
import { sweepMyData } from '../../src/features/my-data/sweep.ts';
import type { Env } from '../../src/platform/env.ts';
import { newId } from '../../src/platform/ids.ts';
import { imageKey } from '../../src/platform/r2-keys.ts';
import { servicesOf } from '../../src/services.ts';
import { type Accounts, type Browser, signedUp } from './accounts.ts';
import { type Api, read } from './api.ts';
import { anyRecording } from './audio.ts';
import { eventually, rowsOf } from './state.ts';
import { uploadWhole } from './uploading.ts';

export const DAY_MS = 86_400_000;

/** Reads the mails that installations write about data; a key that was seen before writes none, as with the real one. */
export class DataMails {
  readonly all: DataMail[] = [];

  /** Takes the place of mail in these bindings. */
  into(bindings: Env): Env {
    servicesOf(bindings).myData.sendMail = async (mail) => {
      const isKnown = this.all.some(
        ({ template, idempotencyKey }) =>
          template === mail.template && idempotencyKey === mail.idempotencyKey,
      );
      if (!isKnown) this.all.push(mail);
    };
    return bindings;
  }

  of(template: DataMail['template'], to: string): DataMail[] {
    return this.all.filter((mail) => mail.template === template && mail.to === to);
  }

  /** Returns the token in the only mail of a template to somebody. */
  async tokenTo(to: string, template: 'export_ready' | 'account_deletion_requested'): Promise<string> {
    const mails = await eventually(() => {
      const found = this.of(template, to);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    return (mails.at(-1) as DataMail & { data: { token: string } }).data.token;
  }
}

/** Returns an API that speaks for whoever is signed in in a browser. */
export function apiOf(browser: Browser): Api {
  return (path, { as: _as, ...call } = {}) => browser.call(path, call);
}

/** The bytes of everybody's picture. */
export const AVATAR = new TextEncoder().encode('as the transcoder makes it');

/** Gives somebody a picture, without anybody drawing one. */
async function giveAvatar(userId: string): Promise<void> {
  const image = { ownerId: userId, imageId: newId('img'), placeholder: 'data:,', colours: ['#000', '#fff'] };
  for (const widthPx of [64, 300, 640]) {
    await env.MEDIA.put(imageKey(userId, image.imageId, widthPx), AVATAR);
  }
  await rowsOf('UPDATE users SET avatar = ? WHERE id = ? RETURNING id', JSON.stringify(image), userId);
}

/** Signs somebody up who has a picture, recordings of these sizes, and a key of the API. */
export async function somebodyWithMusic(accounts: Accounts, sizesBytes: readonly number[]) {
  const person = await signedUp(accounts, 'artist');
  await giveAvatar(person.id);
  const api = apiOf(person.browser);
  const recordings = [];
  for (const sizeBytes of sizesBytes) {
    const bytes = anyRecording(sizeBytes);
    recordings.push({ bytes, ...(await uploadWhole(api, 'alice', bytes)) });
  }
  const key = await api('/api/v1/me/api-keys', {
    json: { name: 'My player', scopes: ['account:read'], expiresInDays: null },
  });
  expect(key.status).toBe(201);
  return { ...person, api, recordings, key: (await read<{ key: string }>(key)).key };
}

export interface ExportState {
  export: {
    exportId: string;
    state: string;
    archives: { number: number; sizeBytes: number }[];
    expiresAt: string | null;
  } | null;
}

/** Asks for a copy of somebody's data and returns its id. */
export async function requestExport(browser: Browser): Promise<string> {
  const answer = await browser.call('/api/v1/me/export', { method: 'POST' });
  expect(answer.status).toBe(202);
  return (await read<ExportState>(answer)).export?.exportId ?? '';
}

/** Makes a copy in these bindings, as the queue's messages would, until there is nothing more to do. */
export async function work(bindings: Env, exportId: string): Promise<void> {
  for (let before = -1; ; ) {
    const row = await servicesOf(bindings).myData.store.find(exportId);
    if (row?.state !== 'queued' || row.attempt === before || row.dueAtMs > Date.now()) return;
    before = row.attempt;
    await runExport(servicesOf(bindings).myData, exportId);
  }
}

/** Runs the sweep of this feature as if it were `atMs`. */
export function sweepAt(bindings: Env, atMs: number) {
  return sweepMyData(servicesOf(bindings).myData, atMs);
}

/** Returns where any of these texts is found: `table` for rows, `r2:key` for names of objects. */
export async function tracesOf(texts: readonly string[]): Promise<string[]> {
  const tables = await rowsOf<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  );
  expect(tables.length, 'the tables were found').toBeGreaterThan(20);
  const found = new Set<string>();
  for (const { name } of tables) {
    const rows = JSON.stringify(await rowsOf(`SELECT * FROM "${name}"`)).toLowerCase();
    for (const text of texts) if (rows.includes(text.toLowerCase())) found.add(`${name}: ${text}`);
  }
  for (let cursor: string | undefined; ; ) {
    const page = await env.MEDIA.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key } of page.objects) if (texts.some((text) => key.includes(text))) found.add(`r2:${key}`);
    if (!page.truncated) return [...found];
    cursor = page.cursor;
  }
}
