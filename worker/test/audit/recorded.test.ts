import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { recorder } from '../../src/features/audit/record.ts';
import { AuditStore } from '../../src/features/audit/store.ts';
import { openDatabase } from '../../src/platform/db.ts';
import { accountsIn, PASSWORD, signedUp, signIn, somebody } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { registerApp } from '../support/oauth.ts';
import { expectProblem } from '../support/refusals.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('development');
const production = accountsIn('production');

interface Event {
  eventId: number;
  event: string;
  byMe: boolean;
  network: string | null;
  device: string | null;
  details: Record<string, unknown>;
}

interface Page {
  items: Event[];
  nextCursor: string | null;
}

type Browser = Awaited<ReturnType<typeof signedUp>>['browser'];

/** Returns the events that a person sees of themselves, the oldest first. */
async function eventsOf(browser: Browser): Promise<Event[]> {
  const answer = await browser.call('/api/v1/me/security-events');
  expect(answer.status).toBe(200);
  return (await read<Page>(answer)).items.toReversed();
}

const named = (events: Event[]) => events.map(({ event, byMe }) => (byMe ? event : `${event} by another`));

describe('a person finds in their own log', () => {
  it('sign-up, sign-in, wrong passwords, a new password and ended sessions, with where they came from', async () => {
    const person = await signedUp(accounts);
    const headers = { 'user-agent': 'A Browser/1.0', 'cf-connecting-ip': '203.0.113.77' };
    await signIn(accounts, { ...person, password: 'not the one it is' }, { headers });
    await signIn(accounts, person, { headers });
    const sessions = await read<{ items: { sessionId: string; isCurrent: boolean }[] }>(
      await person.browser.call('/api/v1/me/sessions'),
    );
    const other = sessions.items.find(({ isCurrent }) => !isCurrent)?.sessionId;
    await person.browser.call(`/api/v1/me/sessions/${other}`, { method: 'DELETE' });
    await person.browser.call('/api/v1/me/sessions', { method: 'DELETE' });
    const json = { currentPassword: PASSWORD, newPassword: 'another bird, another morning' };
    expect((await person.browser.call('/api/auth/change-password', { json })).status).toBe(200);
    const events = await eventsOf(person.browser);
    expect(named(events)).toEqual([
      'signed_up',
      'sign_in_failed by another',
      'signed_in',
      'session_ended',
      'other_sessions_ended',
      'password_changed',
    ]);
    expect(events[1]).toMatchObject({
      network: '203.0.113.0/24',
      device: 'A Browser/1.0',
      details: { method: 'password' },
    });
  });

  it('who asked for a link, and that it was used', async () => {
    const person = await signedUp(production);
    const stranger = production.browser();
    await stranger.call('/api/auth/request-password-reset', { json: { email: person.email.toUpperCase() } });
    const { token } = (await production.mailTo(person.email, 'reset_password')).data;
    const newPassword = 'another bird, later in the day';
    expect((await stranger.call('/api/auth/reset-password', { json: { token, newPassword } })).status).toBe(
      200,
    );
    const { browser } = await signIn(production, { ...person, password: newPassword });
    expect(named(await eventsOf(browser))).toEqual([
      'signed_up',
      'signed_in',
      'password_reset_requested by another',
      'password_reset',
      'signed_in',
    ]);
  });

  it('which keys for the API were made and revoked', async () => {
    const person = await signedUp(accounts, 'artist');
    const json = { name: 'A script', scopes: ['tracks:upload'] };
    const made = await person.browser.call('/api/v1/me/api-keys', { json });
    expect(made.status).toBe(201);
    const { keyId } = await read<{ keyId: string }>(made);
    await person.browser.call(`/api/v1/me/api-keys/${keyId}`, { method: 'DELETE' });
    expect(named(await eventsOf(person.browser))).toEqual([
      'signed_up',
      'api_key_created',
      'api_key_revoked',
    ]);
  });

  it('that somebody else gave them another role', async () => {
    const person = await signedUp(accounts);
    const json = { role: 'moderator' };
    const answer = await accounts.api(`/api/v1/people/${person.handle}`, {
      method: 'PATCH',
      as: 'olga',
      json,
    });
    expect(answer.status).toBe(200);
    const events = await eventsOf(person.browser);
    expect(named(events)).toEqual(['signed_up', 'role_changed by another']);
    expect(events[1]?.details).toEqual({ role: 'moderator' });
    const all = await accounts.api('/api/v1/security-events?limit=1', { as: 'olga' });
    expect((await read<{ items: unknown[] }>(all)).items).toEqual([
      expect.objectContaining({ event: 'role_changed', actorId: 'olga', subjectId: person.id }),
    ]);
  });

  it('who failed to show once more that it is them, which says nothing of who it was', async () => {
    const { browser } = await signedUp(accounts);
    const password = 'not the one it is';
    const newPassword = 'another bird, another morning';
    for (const [path, json] of [
      ['reauthenticate', { password }],
      ['change-password', { currentPassword: password, newPassword }],
      ['two-factor/enable', { password }],
    ] as const) {
      expect((await browser.call(`/api/auth/${path}`, { json })).status).toBe(401);
    }
    expect(named(await eventsOf(browser)).slice(1)).toEqual(
      Array.from({ length: 3 }, () => 'reauthentication_failed by another'),
    );
  });

  it('that they became an artist, once', async () => {
    const { browser } = await signedUp(accounts);
    for (let i = 0; i < 2; i++)
      expect((await browser.call('/api/v1/me/artist', { method: 'POST' })).status).toBe(200);
    const events = (await eventsOf(browser)).filter(({ event }) => event === 'role_changed');
    expect(events).toMatchObject([{ byMe: true, details: { role: 'artist' } }]);
  });

  it('which apps they registered, changed and removed', async () => {
    const owner = await signedUp(accounts);
    const { client_id } = await registerApp(owner);
    const update = { client_id, update: { client_name: 'Another Name' } };
    for (const [path, json] of [
      ['update-client', update],
      ['delete-client', { client_id }],
    ] as const) {
      expect((await owner.browser.call(`/api/auth/oauth2/${path}`, { json })).ok).toBe(true);
    }
    const events = (await eventsOf(owner.browser)).filter(({ event }) => event.startsWith('client_'));
    expect(named(events)).toEqual(['client_registered', 'client_changed', 'client_removed']);
    for (const { details } of events) expect(details).toEqual({ clientId: client_id });
  });

  it('that they signed out, the next time they are in', async () => {
    const person = await signedUp(accounts);
    expect((await person.browser.call('/api/auth/sign-out', { method: 'POST', json: {} })).status).toBe(200);
    const { browser } = await signIn(accounts, person);
    expect(named(await eventsOf(browser))).toEqual(['signed_up', 'signed_out', 'signed_in']);
  });

  it('are shown to admins by whom they are about, with their handles', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    const ask = (handle: string) => accounts.api(`/api/v1/security-events?handle=${handle}`, { as: 'olga' });
    const answer = await ask(`%20${ann.handle.toUpperCase()}`);
    expect(answer.status).toBe(200);
    const { items } = await read<{ items: { subjectId: string; subjectHandle: string }[] }>(answer);
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      expect(item).toMatchObject({ subjectId: ann.id, subjectHandle: ann.handle });
    }
    expect(JSON.stringify(items)).not.toContain(ben.id);
    await expectProblem(await ask('nobody_at_all'), 404, 'not_found');
  });

  it('nothing of anybody else, page by page', async () => {
    const [ann, ben] = [await signedUp(accounts), await signedUp(accounts)];
    for (let i = 0; i < 3; i++) await signIn(accounts, { ...ann, password: 'a guess at it' });
    const seen: Event[] = [];
    let cursor: string | null = '';
    do {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Page = await read(await ann.browser.call(`/api/v1/me/security-events?limit=2${query}`));
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(4);
    expect(named(await eventsOf(ben.browser))).toEqual(['signed_up']);
    expect((await ben.browser.call('/api/v1/security-events')).status).toBe(403);
  });
});

describe('the log', () => {
  it('says nothing where an address has no account, and nothing to who asks', async () => {
    const [{ count: before } = { count: 0 }] = await rowsOf<{ count: number }>(
      'SELECT count(*) AS count FROM security_events',
    );
    await signIn(production, { email: somebody().email, password: PASSWORD });
    await production
      .browser()
      .call('/api/auth/request-password-reset', { json: { email: somebody().email } });
    expect(await rowsOf('SELECT count(*) AS count FROM security_events')).toEqual([{ count: before }]);
  });

  it('does not take a second sign-up with an address for its owner’s', async () => {
    const person = await signedUp(production);
    const again = { ...somebody(), email: person.email };
    expect((await production.browser().call('/api/auth/sign-up/email', { json: again })).status).toBe(200);
    expect(named(await eventsOf(person.browser))).toEqual(['signed_up', 'signed_in']);
  });

  it('holds no password, token or address of anybody', async () => {
    const person = await signedUp(production);
    await signIn(production, { ...person, password: 'not the one it is' });
    const rows = JSON.stringify(await rowsOf('SELECT * FROM security_events'));
    expect(rows).toContain(person.id);
    for (const secret of [
      person.email,
      PASSWORD,
      'not the one it is',
      '@',
      ...person.browser.cookies.values(),
    ]) {
      expect(rows).not.toContain(secret);
    }
  });

  it('is anchored in the log of the Worker, and what cannot be recorded is there', async () => {
    const logged = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const failed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const store = new AuditStore(openDatabase(env.DB));
    const event = { event: 'role_changed', actorId: 'usr_a', subjectId: 'usr_b' } as const;
    await recorder(store, true)({ ...event, details: { role: 'moderator' } });
    // As many events as the tests before this one have left.
    let { head, nextAfter } = await store.check(0);
    while (nextAfter !== null) ({ head, nextAfter } = await store.check(nextAfter));
    expect(logged.mock.calls.map(String)).toEqual([
      expect.stringContaining(`"seq":${head?.seq},"hash":"${head?.hash}"`),
    ]);
    const broken = { append: () => Promise.reject(new Error('no database')) } as unknown as AuditStore;
    await recorder(broken, true)(event);
    expect(failed.mock.calls.map(String)).toEqual([
      expect.stringMatching(/"name":"role_changed".*"subjectId":"usr_b"/),
    ]);
  });
});
