import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { EXPORT_KEPT_MS, LEASE_MS, PART_SIZE_BYTES } from '../../src/features/my-data/policy.ts';
import { newId } from '../../src/platform/ids.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { FaultyWorld } from '../support/failing-bindings.ts';
import {
  AVATAR,
  DataMails,
  type ExportState,
  requestExport,
  somebodyWithMusic,
  sweepAt,
  work,
} from '../support/my-data.ts';
import { deliver } from '../support/queue-model.ts';
import { expectProblem } from '../support/refusals.ts';
import { keysUnder, rowsOf } from '../support/state.ts';
import { unzip } from '../support/zip.ts';

const QUIET = {
  TRANSCODES_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
  EXPORTS_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
};
const accounts = accountsIn('production', bindingsWith(QUIET), { RATE_LIMIT_FACTOR: '1000' });
const mails = new DataMails();
mails.into(accounts.bindings);
const { store } = servicesOf(accounts.bindings).myData;

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** Fetches an archive as its owner does who opens the link. */
async function download(
  person: { browser: Parameters<typeof requestExport>[0]; email: string },
  exportId: string,
  number = 1,
) {
  const token = await mails.tokenTo(person.email, 'export_ready');
  const answer = await person.browser.call(
    `/api/v1/me/export/${exportId}/download?archive=${number}&token=${token}`,
  );
  expect(answer.status).toBe(200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  return { answer, files: unzip(bytes) };
}

/** Asserts what must hold in the end, whatever went wrong: one whole copy, nothing else of it in the bucket, one mail. */
async function expectOneCopy(
  person: Awaited<ReturnType<typeof somebodyWithMusic>>,
  exportId: string,
): Promise<void> {
  expect(await store.find(exportId)).toMatchObject({ state: 'ready' });
  expect(await keysUnder(`exports/${person.id}/${exportId}/`)).toHaveLength(1);
  const told = mails
    .of('export_ready', person.email)
    .filter(({ idempotencyKey }) => idempotencyKey === exportId);
  expect(told).toHaveLength(1);
  const { files } = await download(person, exportId);
  for (const { uploadId, bytes } of person.recordings) {
    expect(files.get(`originals/${uploadId}/01 - First light.flac`)).toEqual(bytes);
  }
}

describe('a copy of my data', () => {
  it('holds everything that is kept of me, my originals to the byte, and no secret', async () => {
    const person = await somebodyWithMusic(accounts, [300, PART_SIZE_BYTES + 5000]);
    const exportId = await requestExport(person.browser);
    const waiting = await read<ExportState>(await person.browser.call('/api/v1/me/export'));
    expect(waiting.export).toMatchObject({ exportId, state: 'waiting', archives: [], expiresAt: null });
    await work(accounts.bindings, exportId);
    const ready = await read<ExportState>(await person.browser.call('/api/v1/me/export'));
    expect(ready.export).toMatchObject({
      state: 'ready',
      archives: [{ number: 1 }],
      expiresAt: expect.any(String),
    });

    const { answer, files } = await download(person, exportId);
    expect(answer.headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="melro-${person.handle}-\\d{4}-\\d\\d-\\d\\d\\.zip"$`),
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect([...files.keys()].toSorted()).toEqual(
      [
        ...[
          'profile',
          'sessions',
          'waysToSignIn',
          'passkeys',
          'apiKeys',
          'connectedApps',
          'registeredApps',
        ].map((name) => `account/${name}.json`),
        'account/avatar.webp',
        'account/securityEvents.json',
        'tracks.json',
        'catalogue/artists.json',
        'catalogue/lyrics.json',
        'catalogue/credits.json',
        'uploads.json',
        'library/likes.json',
        'library/follows.json',
        'library/ratings.json',
        'listening/history.json',
        'listening/settings.json',
        'listening/recent.json',
        'listening/resume.json',
        'index.json',
        ...person.recordings.map(({ uploadId }) => `originals/${uploadId}/01 - First light.flac`),
      ].toSorted(),
    );
    for (const { uploadId, bytes } of person.recordings) {
      expect(files.get(`originals/${uploadId}/01 - First light.flac`)).toEqual(bytes);
    }
    expect(files.get('account/avatar.webp')).toEqual(AVATAR);
    expect(JSON.parse(text(files.get('account/profile.json')))).toMatchObject({
      id: person.id,
      email: person.email,
      handle: person.handle,
    });
    expect(JSON.parse(text(files.get('account/apiKeys.json')))).toMatchObject([{ name: 'My player' }]);
    expect(JSON.parse(text(files.get('account/securityEvents.json'))).length).toBeGreaterThan(1);
    expect(JSON.parse(text(files.get('uploads.json')))).toHaveLength(2);
    expect(JSON.parse(text(files.get('tracks.json')))).toHaveLength(2);
    const index = JSON.parse(text(files.get('index.json'))) as {
      files: { path: string; sizeBytes: number }[];
    };
    expect(index.files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual(
      [...files].filter(([path]) => path !== 'index.json').map(([path, { length }]) => [path, length]),
    );

    const words = [...files]
      .filter(([path]) => path.endsWith('.json'))
      .map(([, bytes]) => text(bytes))
      .join('\n');
    const secrets = [
      ...(await rowsOf<{ s: string }>(
        'SELECT password_hash AS s FROM user_credentials WHERE user_id = ?',
        person.id,
      )),
      ...(await rowsOf<{ s: string }>(
        'SELECT token_hash AS s FROM user_sessions WHERE user_id = ?',
        person.id,
      )),
      ...(await rowsOf<{ s: string }>('SELECT key_hash AS s FROM api_keys WHERE user_id = ?', person.id)),
      ...(await rowsOf<{ s: string }>(
        'SELECT salt AS s FROM security_events WHERE subject_id = ?',
        person.id,
      )),
    ].map(({ s }) => s);
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of [...secrets, person.key, 'argon2']) expect(words).not.toContain(secret);
  });

  it('holds nothing of anybody else', async () => {
    const other = await somebodyWithMusic(accounts, [300]);
    const person = await somebodyWithMusic(accounts, [300]);
    const exportId = await requestExport(person.browser);
    await work(accounts.bindings, exportId);
    const { files } = await download(person, exportId);
    const whole = [...files].map(([path, bytes]) => `${path}\n${text(bytes)}`).join('\n');
    for (const theirs of [
      other.id,
      other.email,
      other.handle,
      ...other.recordings.map(({ trackId }) => trackId),
    ]) {
      expect(whole).not.toContain(theirs);
    }
  });

  it('of a large library comes in several archives, each original in one of them', async () => {
    const person = await somebodyWithMusic(accounts, [3000, 3000, 3000, 3000, 3000]);
    const bindings = mails.into(bindingsWith({ ...accounts.bindings }));
    servicesOf(bindings).myData.archiveBytes = 5000;
    const exportId = await requestExport(person.browser);
    await work(bindings, exportId);
    const { export: ready } = await read<ExportState>(await person.browser.call('/api/v1/me/export'));
    expect(ready?.archives.map(({ number }) => number)).toEqual([1, 2, 3]);
    const seen: string[] = [];
    for (const { number, sizeBytes } of ready?.archives ?? []) {
      const { files, answer } = await download(person, exportId, number);
      expect(answer.headers.get('content-length')).toBe(String(sizeBytes));
      expect(answer.headers.get('content-disposition')).toContain(`-${number}-of-3.zip`);
      expect(files.has('account/profile.json')).toBe(number === 1);
      expect(JSON.parse(text(files.get('index.json')))).toMatchObject({
        archive: number,
        isLast: number === 3,
      });
      seen.push(...[...files.keys()].filter((path) => path.startsWith('originals/')));
    }
    expect(seen).toEqual(
      person.recordings.map(({ uploadId }) => `originals/${uploadId}/01 - First light.flac`),
    );
  });

  it('says which original our own storage has lost, and comes all the same', async () => {
    const person = await somebodyWithMusic(accounts, [300, 300]);
    const [lost, kept] = person.recordings;
    await env.MEDIA.delete(`originals/${lost?.trackId}/${lost?.uploadId}`);
    const exportId = await requestExport(person.browser);
    await work(accounts.bindings, exportId);
    const { files } = await download(person, exportId);
    const { files: listed } = JSON.parse(text(files.get('index.json')));
    expect(listed).toContainEqual(expect.objectContaining({ uploadId: lost?.uploadId, isMissing: true }));
    expect(files.has(`originals/${kept?.uploadId}/01 - First light.flac`)).toBe(true);
  });
});

describe('one copy comes out of', () => {
  it('a message that comes three times, twice at once and once too late', async () => {
    const person = await somebodyWithMusic(accounts, [300]);
    const exportId = await requestExport(person.browser);
    const message = () => deliver(accounts.bindings, { exportId }, { queue: 'melro-exports' });
    expect(await Promise.all([message(), message()])).toEqual(['acked', 'acked']);
    expect(await message()).toBe('acked');
    await expectOneCopy(person, exportId);
    expect((await store.find(exportId))?.attempt).toBe(1);
  });

  it('a message that was lost', async () => {
    const person = await somebodyWithMusic(accounts, [300]);
    const exportId = await requestExport(person.browser);
    const hints: string[] = [];
    const bindings = mails.into(
      bindingsWith({
        ...accounts.bindings,
        EXPORTS_QUEUE: {
          send: async (message: { exportId: string }) => void hints.push(message.exportId),
        } as unknown as Queue<never>,
      }),
    );
    await sweepAt(bindings, Date.now() + 2 * 60_000);
    expect(hints).toContain(exportId);
    await rowsOf('UPDATE data_exports SET due_at_ms = 0 WHERE id = ? RETURNING id', exportId);
    await work(bindings, exportId);
    await expectOneCopy(person, exportId);
  });

  describe('a process that breaks at any of its writes', () => {
    it.each(['dies before', 'dies after', 'refuses', 'loses answer'] as const)('and %s it', async (kind) => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const broken: string[] = [];
      const person = await somebodyWithMusic(accounts, [300, 400]);
      for (let at = 1; ; at++) {
        const exportId = await requestExport(person.browser);
        const world = new FaultyWorld({ at, kind });
        const bindings = mails.into(world.around({ ...accounts.bindings }));
        await work(bindings, exportId).catch(() => undefined);
        if (world.broken === null) break;
        broken.push(world.broken);
        const atMs = Date.now() + LEASE_MS + 60_000;
        await sweepAt(accounts.bindings, atMs);
        await rowsOf(
          "UPDATE data_exports SET due_at_ms = 0 WHERE id = ? AND state = 'queued' RETURNING id",
          exportId,
        );
        await work(accounts.bindings, exportId);
        await expectOneCopy(person, exportId);
      }
      expect(new Set(broken)).toEqual(new Set(['db.run', 'r2.create', 'r2.part', 'r2.complete']));
    });
  });

  it('an attempt that was overtaken while it wrote', async () => {
    const person = await somebodyWithMusic(accounts, [300]);
    const exportId = await requestExport(person.browser);
    let overtake = async () => {};
    const media = env.MEDIA;
    const slow = mails.into(
      bindingsWith({
        ...accounts.bindings,
        MEDIA: new Proxy(media, {
          get: (target, name) => {
            const value = Reflect.get(target, name);
            if (name !== 'get') return typeof value === 'function' ? value.bind(target) : value;
            return async (key: string) => {
              await overtake();
              return target.get(key);
            };
          },
        }),
      }),
    );
    overtake = async () => {
      overtake = async () => {};
      await sweepAt(accounts.bindings, Date.now() + LEASE_MS + 60_000);
      await rowsOf('UPDATE data_exports SET due_at_ms = 0 WHERE id = ? RETURNING id', exportId);
      await work(accounts.bindings, exportId);
    };
    await deliver(slow, { exportId }, { queue: 'melro-exports' });
    expect((await store.find(exportId))?.attempt).toBe(2);
    await expectOneCopy(person, exportId);
  });
});

describe('a copy is refused', () => {
  it('while another is being made, also where both are asked for at once', async () => {
    const { browser } = await signedUp(accounts);
    const ask = () => browser.call('/api/v1/me/export', { method: 'POST' });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    await expectProblem(await ask(), 409, 'export_running');
  });

  it('to who signed in an hour ago, and to tokens and keys', async () => {
    const { browser, id, key, api } = await somebodyWithMusic(accounts, []);
    const headers = { authorization: `Bearer ${key}` };
    await expectProblem(
      await accounts.api('/api/v1/me/export', { method: 'POST', headers }),
      403,
      'session_required',
    );
    await rowsOf(
      'UPDATE user_sessions SET created_at_ms = created_at_ms - 3600000 WHERE user_id = ? RETURNING id',
      id,
    );
    await expectProblem(
      await browser.call('/api/v1/me/export', { method: 'POST' }),
      403,
      'recent_sign_in_required',
    );
    expect(await read<ExportState>(await api('/api/v1/me/export'))).toEqual({ export: null });
  });

  it('more than three times a day', async () => {
    const { browser: lenient, id } = await signedUp(accounts);
    const strict = accountsIn('production', bindingsWith(QUIET), { RATE_LIMIT_FACTOR: '1' });
    const browser = strict.browser(lenient.cookies);
    for (const status of [202, 202, 202, 429]) {
      expect((await browser.call('/api/v1/me/export', { method: 'POST' })).status).toBe(status);
      await rowsOf("UPDATE data_exports SET state = 'failed' WHERE user_id = ? RETURNING id", id);
    }
  });
});

describe('an archive is given', () => {
  it('to nobody but its owner with the link', async () => {
    const person = await somebodyWithMusic(accounts, []);
    const exportId = await requestExport(person.browser);
    const fetched = (browser: typeof person.browser, token: string, id = exportId, number = 1) =>
      browser.call(`/api/v1/me/export/${id}/download?archive=${number}&token=${token}`);
    await expectProblem(await fetched(person.browser, ''), 404, 'not_found');
    await work(accounts.bindings, exportId);
    const token = await mails.tokenTo(person.email, 'export_ready');

    const other = await signedUp(accounts);
    await expectProblem(await fetched(other.browser, token), 404, 'not_found');
    await expectProblem(await fetched(accounts.browser(), token), 401, 'unauthenticated');
    for (const wrong of [
      '',
      'a',
      `${token}a`,
      token.replace(/.$/, token.endsWith('A') ? 'E' : 'A'),
      'A'.repeat(43),
    ]) {
      await expectProblem(await fetched(person.browser, wrong), 400, 'token_invalid');
    }
    await expectProblem(await fetched(person.browser, token, newId('exp')), 404, 'not_found');
    await expectProblem(await fetched(person.browser, token, exportId, 2), 404, 'not_found');
    expect((await fetched(person.browser, token)).status).toBe(200);
  });

  it('for seven days, and is gone then', async () => {
    const person = await somebodyWithMusic(accounts, [300]);
    const exportId = await requestExport(person.browser);
    await work(accounts.bindings, exportId);
    await sweepAt(accounts.bindings, Date.now() + EXPORT_KEPT_MS - 60_000);
    expect(await keysUnder(`exports/${person.id}/`)).toHaveLength(1);
    await sweepAt(accounts.bindings, Date.now() + EXPORT_KEPT_MS + 60_000);
    expect(await keysUnder(`exports/${person.id}/`)).toEqual([]);
    expect(await store.find(exportId)).toBeNull();
    const token = await mails.tokenTo(person.email, 'export_ready');
    const answer = await person.browser.call(`/api/v1/me/export/${exportId}/download?token=${token}`);
    await expectProblem(answer, 404, 'not_found');
  });
});
