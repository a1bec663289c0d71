import { beforeEach, describe, expect, it, vi } from 'vitest';
import { accountsIn, signedUp } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { givenRelease } from '../support/given-release.ts';
import { rowsOf } from '../support/state.ts';

const accounts = accountsIn('production', bindingsWith({}), { RATE_LIMIT_FACTOR: '1000' });
const BOUND_SECONDS = 60;

/** A public artist, a member who is signed in, and how the page looks to a member and to a stranger. */
async function publicArtist() {
  const { browser, id } = await signedUp(accounts, 'artist');
  const { artist } = await givenRelease({ members: [id] });
  const path = `/api/v1/artists/${artist.id}`;
  const nameFor = async (call: typeof accounts.api) => (await read<{ name: string }>(await call(path))).name;
  const rename = (name: string) => browser.call(path, { method: 'PATCH', json: { name } });
  return {
    artist,
    browser,
    path,
    rename,
    toMember: () => nameFor(browser.call),
    toStranger: () => nameFor(accounts.api),
  };
}

function passing(seconds: number): void {
  const nowMs = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(nowMs + seconds * 1000);
}

describe('a public page', () => {
  beforeEach(() => void vi.restoreAllMocks());

  it('shows a change at once to whoever made it, and to the others of the same place', async () => {
    const { rename, toMember, toStranger } = await publicArtist();
    await toStranger();
    passing(1);
    expect((await rename('After')).status).toBe(200);
    expect([await toMember(), await toStranger()]).toEqual(['After', 'After']);
  });

  it('shows whoever has just changed something what is so in places that heard nothing of it', async () => {
    const { artist, rename, browser, toMember, toStranger } = await publicArtist();
    await rename('First');
    const cookie = browser.lastSet.find((line) => line.startsWith('melro.wrote='));
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', `Max-Age=${BOUND_SECONDS}`])
      expect(cookie).toContain(attribute);
    passing(1);
    await toStranger();
    // As if another place had written it: nothing here was told.
    await rowsOf('UPDATE artists SET name = ? WHERE id = ? RETURNING id', 'Elsewhere', artist.id);
    expect(await toStranger(), 'kept').toBe('First');
    expect(await toMember()).toBe('Elsewhere');
  });

  it('shows everyone a change within the bound, wherever it was made', async () => {
    const { artist, toStranger } = await publicArtist();
    const before = await toStranger();
    await rowsOf('UPDATE artists SET name = ? WHERE id = ? RETURNING id', 'Elsewhere', artist.id);
    passing(BOUND_SECONDS - 1);
    expect(await toStranger()).toBe(before);
    passing(1);
    expect(await toStranger()).toBe('Elsewhere');
  });

  it('answers 304 to whoever has it, and says nothing of who asks', async () => {
    const { path, browser } = await publicArtist();
    const first = await accounts.api(path);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await accounts.api(path, { headers: { 'if-none-match': known } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await accounts.api(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    expect(await (await browser.call(path)).text()).toBe(await first.text());
  });
});
