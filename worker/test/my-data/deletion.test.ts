import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChainCheck } from '../../src/features/audit/store.ts';
import { GRACE_MS } from '../../src/features/my-data/policy.ts';
import { newId } from '../../src/platform/ids.ts';
import { servicesOf } from '../../src/services.ts';
import { accountsIn, type Browser, signedUp, signIn } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { transcodedBy, wellBehaved } from '../support/crafted-transcoder.ts';
import { FaultyWorld } from '../support/failing-bindings.ts';
import { givenRelease } from '../support/given-release.ts';
import { DataMails, requestExport, somebodyWithMusic, sweepAt, tracesOf, work } from '../support/my-data.ts';
import { addTracks, makePlaylist } from '../support/playlists.ts';
import { deliver } from '../support/queue-model.ts';
import { expectProblem } from '../support/refusals.ts';
import { eventually, keysUnder, rowsOf } from '../support/state.ts';

const QUIET = {
  TRANSCODES_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
  EXPORTS_QUEUE: { send: async () => undefined } as unknown as Queue<never>,
};
const accounts = accountsIn('production', bindingsWith({ ...QUIET, ...transcodedBy(await wellBehaved()) }), {
  RATE_LIMIT_FACTOR: '1000',
});
const mails = new DataMails();
mails.into(accounts.bindings);

const leave = (browser: Browser, handle: string) =>
  browser.call('/api/v1/me/deletion', { method: 'POST', json: { handle } });
const stay = (browser: Browser) => browser.call('/api/v1/me/deletion', { method: 'DELETE' });
const byLink = (token: string) =>
  accounts.browser().call('/api/v1/deletion-cancellations', { json: { token } });
const afterGrace = () => Date.now() + GRACE_MS + 60_000;

interface Deletion {
  deletesAt: string | null;
}

beforeAll(async () => {
  // Somebody governs this installation, whatever other tests have left.
  await signedUp(accounts, 'admin');
});

describe('who asks for their account to be deleted', () => {
  it('must type their handle and have signed in a moment ago', async () => {
    const { browser, handle, id } = await signedUp(accounts);
    const problem = await expectProblem(await leave(browser, 'somebody_else'), 422, 'confirmation_mismatch');
    expect(problem.issues).toEqual([{ path: 'handle', message: 'is not your handle' }]);
    await rowsOf(
      'UPDATE user_sessions SET created_at_ms = created_at_ms - 3600000 WHERE user_id = ? RETURNING id',
      id,
    );
    await expectProblem(await leave(browser, handle), 403, 'recent_sign_in_required');
    expect((await browser.call('/api/v1/me')).status).toBe(200);
  });

  it('is out everywhere at once, keys and sessions and tokens, and out of sight', async () => {
    const person = await somebodyWithMusic(accounts, []);
    const { browser: elsewhere } = await signIn(accounts, person);
    const { handle, email, key, id } = person;
    const asKey = () => accounts.api('/api/v1/me', { headers: { authorization: `Bearer ${key}` } });
    expect((await asKey()).status).toBe(200);
    const answer = await leave(person.browser, ` @${handle.toUpperCase()} `);
    expect(answer.status).toBe(202);
    const { deletesAt } = await read<Deletion>(answer);
    const graceMs = Date.parse(deletesAt ?? '') - Date.now();
    expect(Math.abs(graceMs - GRACE_MS)).toBeLessThan(60_000);
    expect((await asKey()).status).toBe(401);
    for (const browser of [person.browser, elsewhere]) {
      expect((await browser.call('/api/v1/me')).status).toBe(401);
    }
    for (const table of ['user_sessions', 'api_keys', 'oauth_access_tokens', 'oauth_refresh_tokens']) {
      expect(await rowsOf(`SELECT id FROM ${table} WHERE user_id = ?`, id), table).toEqual([]);
    }
    await expectProblem(await accounts.api(`/api/v1/people/${handle}`), 404, 'not_found');
    expect(mails.of('account_deletion_requested', email)).toHaveLength(1);
  });

  it('can sign in, sees that it will go, and can do nothing but keep it', async () => {
    const person = await signedUp(accounts, 'artist');
    await leave(person.browser, person.handle);
    const { browser } = await signIn(accounts, person);
    const me = await browser.call('/api/v1/me');
    expect(me.status).toBe(200);
    const { deletesAt } = await read<Deletion>(me);
    expect(await read<Deletion>(await browser.call('/api/v1/me/deletion'))).toEqual({ deletesAt });
    for (const [path, json] of [
      ['/api/v1/me/api-keys', { name: 'A key', scopes: ['account:read'], expiresInDays: null }],
      ['/api/v1/me/artist', undefined],
      ['/api/v1/me/export', undefined],
      ['/api/v1/uploads', { fileName: 'a.flac', sizeBytes: 1 }],
      ['/api/auth/change-email', { newEmail: 'elsewhere@people.example' }],
      ['/api/auth/passkey/verify-registration', { response: {} }],
      ['/api/auth/oauth2/consent', { accept: true }],
    ] as const) {
      const answer = await browser.call(path, { method: 'POST', ...(json && { json }) });
      await expectProblem(answer, 403, 'account_leaving');
    }
    await expectProblem(await browser.call('/api/v1/me/sessions'), 403, 'account_leaving');
    expect((await stay(browser)).status).toBe(204);
    expect((await stay(browser)).status).toBe(204);
    expect((await browser.call('/api/v1/me/sessions')).status).toBe(200);
    expect((await accounts.api(`/api/v1/people/${person.handle}`)).status).toBe(200);
    await sweepAt(accounts.bindings, afterGrace());
    expect((await browser.call('/api/v1/me')).status).toBe(200);
  });

  it('may be the only admin only where nobody else would be left without one', async () => {
    const person = await signedUp(accounts, 'admin');
    const others = await rowsOf<{ id: string }>(
      "SELECT id FROM users WHERE role = 'admin' AND id <> ?",
      person.id,
    );
    await rowsOf(
      "UPDATE users SET role = 'moderator' WHERE role = 'admin' AND id <> ? RETURNING id",
      person.id,
    );
    try {
      await expectProblem(await leave(person.browser, person.handle), 409, 'last_admin');
      expect((await person.browser.call('/api/v1/me')).status).toBe(200);
      const second = await signedUp(accounts, 'admin');
      // Of two that leave at the same moment, one stays.
      const answers = await Promise.all([
        leave(person.browser, person.handle),
        leave(second.browser, second.handle),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    } finally {
      for (const { id } of others)
        await rowsOf("UPDATE users SET role = 'admin' WHERE id = ? RETURNING id", id);
    }
  });
});

describe('the link in the mail', () => {
  it('keeps the account, once and again, and opens nothing else', async () => {
    const { browser, handle, email } = await signedUp(accounts);
    await leave(browser, handle);
    const token = await mails.tokenTo(email, 'account_deletion_requested');
    for (const wrong of [
      'a',
      `${token}x`,
      token.replace('usr_', 'usr_x'),
      token.replace(/\.\d+\./, '.1.'),
      token.slice(0, -2),
    ]) {
      await expectProblem(await byLink(wrong), 400, 'token_invalid');
    }
    expect((await byLink(token)).status).toBe(204);
    expect((await byLink(token)).status).toBe(204);
    expect((await accounts.api(`/api/v1/people/${handle}`)).status).toBe(200);
  });

  it('of an earlier request does not undo a later one', async () => {
    const person = await signedUp(accounts);
    await leave(person.browser, person.handle);
    const early = await mails.tokenTo(person.email, 'account_deletion_requested');
    await byLink(early);
    const { browser } = await signIn(accounts, person);
    await leave(browser, person.handle);
    await expectProblem(await byLink(early), 400, 'token_invalid');
    expect((await byLink(await mails.tokenTo(person.email, 'account_deletion_requested'))).status).toBe(204);
  });

  it('comes too late once the grace is over', async () => {
    const { browser, handle, email, id } = await signedUp(accounts);
    await leave(browser, handle);
    const token = await mails.tokenTo(email, 'account_deletion_requested');
    vi.useFakeTimers({ toFake: ['Date'], now: afterGrace() });
    try {
      await expectProblem(await byLink(token), 410, 'deletion_begun');
      await sweepAt(accounts.bindings, Date.now());
      await expectProblem(await byLink(token), 410, 'deletion_begun');
    } finally {
      vi.useRealTimers();
    }
    expect(await rowsOf('SELECT id FROM users WHERE id = ?', id)).toEqual([]);
  });
});

/** An artist of nobody else's, public, with words, credits, labels and pictures. */
async function artistOf(userId: string) {
  const { artist, release, tracks } = await givenRelease({
    members: [userId],
    tracks: [{ ownerId: userId }],
    tags: [`tag-${crypto.randomUUID()}`],
    credits: [{ name: 'Somebody', role: 'producer', ofTrack: 0 }],
    lyrics: { plain: 'La la' },
  });
  const trackId = tracks[0]?.id ?? '';
  await rowsOf(
    "INSERT INTO track_versions (version, track_id, file_name, facts, created_at_ms) VALUES (?, ?, 'a', '{}', 1) RETURNING 1",
    newId('ver'),
    trackId,
  );
  for (const key of [`images/${artist.id}/i/64.webp`, `images/${release.id}/i/64.webp`, `hls/${trackId}/v/0`])
    await env.MEDIA.put(key, 'x');
  return { artistId: artist.id, releaseId: release.id, trackId };
}

/** Somebody with everything that can be kept of a person: music in every state, an artist, a copy of their data, mail. */
async function somebodyWithEverything() {
  const person = await somebodyWithMusic(accounts, [300, 400]);
  const { api, id, email, handle } = person;
  const [published] = person.recordings;
  await deliver(accounts.bindings, { transcodeId: published?.transcodeId });
  expect((await keysUnder(`hls/${published?.trackId}/`)).length).toBeGreaterThan(3);
  expect((await api('/api/v1/uploads', { json: { fileName: 'half.flac', sizeBytes: 900 } })).status).toBe(
    201,
  );
  await rowsOf(
    "INSERT INTO dead_letters (id, body, transcode_id, reason, state, received_at_ms) VALUES (?, '{}', ?, 'x', 'open', 1) RETURNING id",
    `letter-${id}`,
    person.recordings[1]?.transcodeId,
  );
  const put = (path: string, json?: object) =>
    api(`/api/v1/me/${path}`, { method: 'PUT', ...(json && { json }) });
  for (const answer of [
    await put(`likes/track/${published?.trackId}`),
    await put(`ratings/${published?.trackId}`, { stars: 5 }),
  ]) {
    expect(answer.status).toBe(204);
  }
  const playlistId = await makePlaylist(api, {}, { visibility: 'public' });
  await addTracks(api, playlistId, [published?.trackId ?? '']);
  await api(`/api/v1/playlists/${playlistId}/invitations`, { method: 'POST' });
  await env.MEDIA.put(`images/${playlistId}/${newId('img')}/64.webp`, 'a cover');
  // What they put into somebody else's stays there without their name.
  await rowsOf(
    "INSERT INTO playlist_entries (id, playlist_id, track_id, position, duration_seconds, added_by, added_at_ms) VALUES (?, 'another', 'a-track', 'a0', 1, ?, 1) RETURNING id",
    newId('ple'),
    id,
  );
  const trackId = published?.trackId;
  const heard = { id: crypto.randomUUID(), startedAt: new Date().toISOString(), listenedSeconds: 60 };
  for (const answer of [
    await api('/api/v1/plays', { json: { plays: [{ ...heard, trackId }] } }),
    await put('resume', { revision: 0, trackId, positionSeconds: 9 }),
    await put('history/settings', { paused: false }),
  ]) {
    expect(answer.ok).toBe(true);
  }
  const artist = await artistOf(id);
  const exportId = await requestExport(person.browser);
  await work(accounts.bindings, exportId);
  await rowsOf(
    `INSERT INTO mail_messages (id, dedupe_hash, template, locale, state, recipient, subject, text_body, html_body, attempt, fault_count, due_at_ms, useless_at_ms, created_at_ms)
     VALUES (?, ?, 'new_sign_in', 'en', 'queued', ?, 's', 't', 'h', 0, 0, 9e15, 9e15, 1) RETURNING id`,
    `eml-${id}`,
    `hash-${id}`,
    email,
  );
  const names = [
    id,
    email,
    handle,
    playlistId,
    ...Object.values(artist),
    ...person.recordings.flatMap(({ trackId, uploadId, transcodeId }) => [trackId, uploadId, transcodeId]),
  ];
  return { ...person, artist, exportId, names };
}

describe('when the grace is over', () => {
  it('nothing is left of who leaves, in any table or in the bucket, and others keep everything', async () => {
    const leaver = await somebodyWithEverything();
    const stayer = await somebodyWithEverything();
    // What somebody did to others is theirs too: only the name goes.
    const { record } = servicesOf(accounts.bindings).audit;
    await record({ event: 'role_changed', actorId: leaver.id, subjectId: stayer.id });
    // So is what others keep of what goes, and whom they follow.
    for (const path of [
      `likes/track/${leaver.recordings[0]?.trackId}`,
      `likes/track/${leaver.artist.trackId}`,
      `likes/release/${leaver.artist.releaseId}`,
      `follows/artist/${leaver.artist.artistId}`,
      `follows/person/${leaver.handle}`,
    ]) {
      expect((await stayer.api(`/api/v1/me/${path}`, { method: 'PUT' })).status).toBe(204);
    }
    const play = { id: crypto.randomUUID(), startedAt: new Date().toISOString(), listenedSeconds: 60 };
    const heard = [{ ...play, trackId: leaver.recordings[0]?.trackId }];
    expect((await stayer.api('/api/v1/plays', { json: { plays: heard } })).status).toBe(202);
    await leaver.api(`/api/v1/me/follows/person/${stayer.handle}`, { method: 'PUT' });
    const friend = await signedUp(accounts);
    await stayer.api(`/api/v1/me/follows/person/${friend.handle}`, { method: 'PUT' });
    await friend.browser.call(`/api/v1/me/follows/person/${stayer.handle}`, { method: 'PUT' });
    const ofStayer = async () => ({
      traces: (await tracesOf(stayer.names)).toSorted(),
      keys: [
        ...(await keysUnder(`exports/${stayer.id}/`)),
        ...(
          await Promise.all(stayer.recordings.map(({ trackId }) => keysUnder(`originals/${trackId}/`)))
        ).flat(),
        ...(await Promise.all(stayer.recordings.map(({ trackId }) => keysUnder(`hls/${trackId}/`)))).flat(),
      ],
    });
    const before = await ofStayer();
    const tables = new Set((await tracesOf(leaver.names)).map((trace) => trace.split(':')[0]));
    for (const name of [
      'users',
      'tracks',
      'artists',
      'artist_members',
      'releases',
      'release_labels',
      'credits',
      'track_lyrics',
      'track_versions',
      'uploads',
      'transcodes',
      'data_exports',
      'playlists',
      'playlist_entries',
      'playlist_members',
      'playlist_invitations',
      'mail_messages',
      'security_events',
      'dead_letters',
      'likes',
      'follows',
      'ratings',
      'library_counts',
      'plays',
      'recent_sources',
      'resume_points',
      'history_settings',
      'r2',
    ]) {
      expect(tables, 'the search finds what is there').toContain(name);
    }

    expect((await leave(leaver.browser, leaver.handle)).status).toBe(202);
    await sweepAt(accounts.bindings, Date.now());
    expect((await tracesOf([leaver.id])).length, 'nothing goes before its time').toBeGreaterThan(5);
    await rowsOf('UPDATE users SET deletes_at_ms = ? WHERE id = ? RETURNING id', Date.now() - 1, leaver.id);
    await sweepAt(accounts.bindings, Date.now());

    expect(await tracesOf(leaver.names)).toEqual([]);
    expect(await ofStayer()).toEqual(before);
    expect(mails.of('account_deleted', leaver.email)).toHaveLength(1);
    const audit = servicesOf(accounts.bindings).audit.store;
    for (let after: number | null = 0; after !== null; ) {
      const found: ChainCheck = await audit.check(after);
      expect(found.brokenAt, 'the chain of events holds').toBeNull();
      after = found.nextAfter;
    }
    const { answer } = await signIn(accounts, leaver);
    await expectProblem(answer, 401, 'invalid_credentials');
    const again = await accounts.browser().call('/api/auth/sign-up/email', {
      json: { email: leaver.email, handle: leaver.handle, name: 'Somebody new', password: leaver.password },
    });
    expect(again.status, 'address and handle are free again').toBe(200);
  });

  it('more than one sweep may do at once is done by several', async () => {
    const person = await somebodyWithMusic(accounts, [300]);
    const [upload] = person.recordings;
    for (let i = 0; i < 120; i++) {
      await rowsOf(
        'INSERT INTO uploads SELECT id || ?, track_id || ?, owner_id, file_name, media_type, size_bytes, sha256, part_size_bytes, r2_upload_id, state, rejection_code, rejection_detail, created_at_ms, expires_at_ms FROM uploads WHERE id = ? RETURNING id',
        `-${i}`,
        `-${i}`,
        upload?.uploadId,
      );
    }
    await leave(person.browser, person.handle);
    const erased: number[] = [];
    for (let i = 0; i < 4; i++) {
      await sweepAt(accounts.bindings, afterGrace());
      erased.push((await rowsOf('SELECT id FROM users WHERE id = ?', person.id)).length);
    }
    expect(erased).toEqual([1, 1, 0, 0]);
    expect(await tracesOf([person.id, person.email, person.handle])).toEqual([]);
  });

  it.each(['dies before', 'dies after'] as const)(
    'what breaks at any write (%s) is completed by a later sweep, and says goodbye once',
    async (kind) => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const broken: string[] = [];
      // So that only the person in question is due.
      await sweepAt(accounts.bindings, afterGrace());
      for (let at = 1; ; at++) {
        const person = await somebodyWithEverything();
        await rowsOf('UPDATE users SET deletes_at_ms = 1 WHERE id = ? RETURNING id', person.id);
        const world = new FaultyWorld({ at, kind });
        const bindings = mails.into(world.around({ ...accounts.bindings }));
        await sweepAt(bindings, Date.now()).catch(() => undefined);
        if (world.broken === null) break;
        broken.push(world.broken);
        await sweepAt(accounts.bindings, Date.now());
        expect(await tracesOf(person.names), `write ${at}`).toEqual([]);
        for (const { trackId } of person.recordings) {
          expect([
            ...(await keysUnder(`hls/${trackId}/`)),
            ...(await keysUnder(`originals/${trackId}/`)),
          ]).toEqual([]);
        }
        expect(mails.of('account_deleted', person.email)).toHaveLength(1);
      }
      expect(new Set(broken)).toEqual(new Set(['r2.delete', 'r2.abort', 'db.run', 'db.batch']));
      expect(broken.length).toBeGreaterThan(12);
    },
    600_000,
  );

  it('one account that cannot be erased is not in the way of the others', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const stuck = await signedUp(accounts);
    const free = await signedUp(accounts);
    await rowsOf('UPDATE users SET deletes_at_ms = 1 WHERE id = ? RETURNING id', stuck.id);
    await rowsOf('UPDATE users SET deletes_at_ms = 2 WHERE id = ? RETURNING id', free.id);
    const bindings = mails.into(bindingsWith({ ...accounts.bindings }));
    const { myData } = servicesOf(bindings);
    const erase = myData.people.erase;
    myData.people.erase = async (person) => {
      if (person.id === stuck.id) throw new Error('stuck');
      await erase(person);
    };
    await sweepAt(bindings, Date.now());
    expect(await rowsOf('SELECT id FROM users WHERE id IN (?, ?)', stuck.id, free.id)).toEqual([
      { id: stuck.id },
    ]);
    await sweepAt(accounts.bindings, Date.now());
    expect(await rowsOf('SELECT id FROM users WHERE id = ?', stuck.id)).toEqual([]);
  });

  it('the first to sign up after the first admin has left is no admin', async () => {
    const person = await signedUp(accounts);
    const [before] = await rowsOf<{ user_id: string }>('SELECT user_id FROM first_admin');
    await rowsOf('UPDATE first_admin SET user_id = ? RETURNING user_id', person.id);
    await rowsOf('UPDATE users SET deletes_at_ms = 1 WHERE id = ? RETURNING id', person.id);
    await sweepAt(accounts.bindings, Date.now());
    expect(await rowsOf('SELECT user_id FROM first_admin')).toEqual(
      before === undefined ? [] : [{ user_id: 'nobody' }],
    );
  });
});

describe('an account whose address nobody confirmed', () => {
  const WEEK_MS = 7 * 86_400_000;
  const unconfirm = (id: string) =>
    rowsOf(
      'UPDATE users SET email_verified = 0, created_at_ms = ? WHERE id = ? RETURNING id',
      Date.now() - WEEK_MS - 60_000,
      id,
    );
  const isThere = async (id: string) => (await rowsOf('SELECT id FROM users WHERE id = ?', id)).length === 1;

  async function stranger() {
    const json = {
      email: `s${crypto.randomUUID()}@people.example`,
      password: 'a magpie at five',
      name: 'Nobody',
      handle: `s${crypto.randomUUID().slice(0, 8)}`,
    };
    expect((await accounts.browser().call('/api/auth/sign-up/email', { json })).status).toBe(200);
    const [row] = await eventually(async () => {
      const rows = await rowsOf<{ id: string }>('SELECT id FROM users WHERE email = ?', json.email);
      expect(rows).toHaveLength(1);
      return rows;
    });
    return { ...json, id: row?.id ?? '' };
  }

  it('goes after a week, without a word to the address, also where a crash left no password', async () => {
    const [early, late, halfMade] = [await stranger(), await stranger(), await stranger()];
    await unconfirm(late.id);
    await unconfirm(halfMade.id);
    await rowsOf('DELETE FROM user_credentials WHERE user_id = ? RETURNING id', halfMade.id);
    await sweepAt(accounts.bindings, Date.now());
    expect([await isThere(early.id), await isThere(late.id), await isThere(halfMade.id)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await tracesOf([late.id, late.email, late.handle, halfMade.id])).toEqual([]);
    expect(mails.of('account_deleted', late.email)).toEqual([]);
  });

  it('stays where somebody uses it all the same, and in development', async () => {
    const used = await signedUp(accounts);
    const provided = await stranger();
    const developing = accountsIn('development', bindingsWith(QUIET), { RATE_LIMIT_FACTOR: '1000' });
    await rowsOf(
      "UPDATE user_credentials SET provider_id = 'github' WHERE user_id = ? RETURNING id",
      provided.id,
    );
    for (const { id } of [used, provided]) await unconfirm(id);
    await sweepAt(accounts.bindings, Date.now());
    expect([await isThere(used.id), await isThere(provided.id)]).toEqual([true, true]);
    const other = await stranger();
    await unconfirm(other.id);
    await sweepAt(developing.bindings, Date.now());
    expect(await isThere(other.id)).toBe(true);
  });
});

it('a list of what is due and of who never confirmed reads what it returns, not everybody', async () => {
  for (const query of [
    'SELECT id FROM users WHERE deletes_at_ms IS NOT NULL AND deletes_at_ms <= 5 ORDER BY deletes_at_ms LIMIT 5',
    'SELECT id FROM users WHERE email_verified = 0 AND created_at_ms < 5 ORDER BY created_at_ms LIMIT 5',
    "SELECT id FROM mail_messages WHERE recipient = 'a@b.example' AND template <> 'x' LIMIT 5",
  ]) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`).all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join('; ')).toMatch(/SEARCH \w+ USING (COVERING )?INDEX/);
  }
});
