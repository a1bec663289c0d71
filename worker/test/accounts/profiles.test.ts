import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { imagesPrefix } from '../../src/platform/r2-keys.ts';
import { accountsIn, signedUp, somebody } from '../support/accounts.ts';
import { read } from '../support/api.ts';
import { BLUE, pngOf, RED } from '../support/pictures.ts';
import { expectProblem } from '../support/refusals.ts';

const production = accountsIn('production');
const development = accountsIn('development');

interface Picture {
  url64: string;
  url640: string;
}
interface Me {
  handle: string;
  name: string;
  bio: string;
  locale: string;
  avatar: Picture | null;
  profileVisibility: string;
}

const picture = await pngOf(200, 120, [RED, BLUE]);
const put = (body: BodyInit) => ({ method: 'PUT', body, headers: { 'content-type': 'image/png' } });

describe('a profile', () => {
  it('changes name, handle and language; a handle that is taken or reserved does not change', async () => {
    const { browser } = await signedUp(development);
    const other = await signedUp(development);
    const { handle } = somebody();
    const patch = (json: object) => browser.call('/api/v1/me', { method: 'PATCH', json });
    expect(
      await read<Me>(await patch({ name: ' Merle ', handle: handle.toUpperCase(), locale: 'ru' })),
    ).toMatchObject({ name: 'Merle', handle, locale: 'ru' });
    expect((await patch({ handle })).status, 'one’s own is free').toBe(200);
    await expectProblem(await patch({ handle: other.handle }), 409, 'handle_taken');
    await expectProblem(await patch({ handle: 'moderator' }), 422, 'handle_not_allowed');
    await expectProblem(await patch({ name: 'a\u0000b' }), 400, 'validation_failed');
    expect(await read<Me>(await browser.call('/api/v1/me'))).toMatchObject({ handle, name: 'Merle' });
  });

  it('has a few words of its owner, as plain text that deceives nobody', async () => {
    const { browser, handle } = await signedUp(production);
    const patch = (bio: string) => browser.call('/api/v1/me', { method: 'PATCH', json: { bio } });
    const bio = 'Plays the harmonium 🪗\nin <b>Riga</b>.';
    expect(await read<Me>(await patch(`  ${bio.replace('\n', '\r\n')}\n\n\n\n`))).toMatchObject({ bio });
    expect(await read<Me>(await production.api(`/api/v1/people/${handle}`))).toMatchObject({ bio });
    expect((await patch('🪗'.repeat(500))).status).toBe(200);
    for (const wrong of ['a'.repeat(501), 'a\u202eb', 'a\u0000b', 'a\u200bb']) {
      await expectProblem(await patch(wrong), 400, 'validation_failed');
    }
    expect(await read<Me>(await patch(''))).toMatchObject({ bio: '' });
  });

  it('shows a name and a handle to anyone, and no address', async () => {
    const { handle, email, id } = await signedUp(production);
    const answer = await production.api(`/api/v1/people/${handle.toUpperCase()}`);
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual({
      id,
      handle,
      name: 'Some Body',
      bio: '',
      avatar: null,
      isArtist: false,
      joinedAt: expect.any(String),
    });
    expect(text).not.toContain(email);
  });

  it('says who is an artist, and not who governs', async () => {
    for (const role of ['artist', 'moderator', 'admin']) {
      const { handle } = await signedUp(production, role);
      const text = await (await production.api(`/api/v1/people/${handle}`)).text();
      expect(JSON.parse(text)).toMatchObject({ isArtist: true });
      expect(text).not.toContain('"role"');
    }
  });

  it('that is hidden is there for nobody else, until it is shown again', async () => {
    const { browser, handle } = await signedUp(production);
    const { browser: other } = await signedUp(production);
    const see = (profileVisibility: string) =>
      browser.call('/api/v1/me', { method: 'PATCH', json: { profileVisibility } });
    expect(await read<Me>(await see('hidden'))).toMatchObject({ profileVisibility: 'hidden' });
    const path = `/api/v1/people/${handle}`;
    await expectProblem(await production.api(path), 404, 'not_found');
    await expectProblem(await other.call(path), 404, 'not_found');
    expect((await browser.call(path)).status).toBe(200);
    await expectProblem(await see('friends'), 400, 'validation_failed');
    await see('public');
    expect((await other.call(path)).status).toBe(200);
  });

  it('does not show that somebody signed up with an address they have not confirmed', async () => {
    const person = somebody();
    await production.browser().call('/api/auth/sign-up/email', { json: person });
    await expectProblem(await production.api(`/api/v1/people/${person.handle}`), 404, 'not_found');
  });

  it('of one’s own is kept by no cache', async () => {
    const { browser } = await signedUp(production);
    for (const path of ['/api/v1/me', '/api/v1/me/sessions', '/api/auth/get-session']) {
      expect((await browser.call(path)).headers.get('cache-control'), path).toContain('no-store');
    }
  });

  it('is not to be had by who has no account', async () => {
    await expectProblem(await production.api('/api/v1/me', { as: 'alice' }), 403, 'no_account');
    await expectProblem(
      await production.api('/api/v1/me/avatar', { as: 'alice', ...put(picture) }),
      403,
      'no_account',
    );
  });
});

describe('the picture of a person', () => {
  const keysOf = async (id: string) =>
    (await env.MEDIA.list({ prefix: imagesPrefix(id) })).objects.map(({ key }) => key);

  it('is on their profile, is replaced, and goes', async () => {
    const { browser, handle, id } = await signedUp(production);
    const first = await read<Me>(await browser.call('/api/v1/me/avatar?x=0&y=0&size=0.5', put(picture)));
    const profile = await read<Me>(await production.api(`/api/v1/people/${handle}`));
    expect(profile.avatar).toEqual(first.avatar);
    expect((await production.api(first.avatar?.url640 ?? '')).status).toBe(200);
    const second = await read<Me>(await browser.call('/api/v1/me/avatar', put(picture)));
    await expectProblem(await production.api(first.avatar?.url640 ?? ''), 404, 'not_found');
    expect((await read<Me>(await browser.call('/api/v1/me'))).avatar).toEqual(second.avatar);
    for (const _ of [1, 2]) {
      expect((await browser.call('/api/v1/me/avatar', { method: 'DELETE' })).status).toBe(204);
    }
    expect((await read<Me>(await browser.call('/api/v1/me'))).avatar).toBeNull();
    await expectProblem(await production.api(second.avatar?.url64 ?? ''), 404, 'not_found');
    expect(await keysOf(id)).toEqual([]);
  });

  it('is one of those that are sent at the same moment, and the others leave nothing behind', async () => {
    const { browser, id } = await signedUp(production);
    const answers = await Promise.all([1, 2, 3].map(() => browser.call('/api/v1/me/avatar', put(picture))));
    // The transcoder has as many slots as the machine has cores.
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    const { avatar } = await read<Me>(await browser.call('/api/v1/me'));
    const imageId = avatar?.url64.split('/').at(-2) ?? '';
    const keys = await keysOf(id);
    expect(keys).toHaveLength(3);
    expect(keys.every((key) => key.includes(imageId))).toBe(true);
  });

  it('is refused where it is none, and the one before stays', async () => {
    const { browser } = await signedUp(production);
    const { avatar } = await read<Me>(await browser.call('/api/v1/me/avatar', put(picture)));
    const call = (body: BodyInit) => browser.call('/api/v1/me/avatar', put(body));
    await expectProblem(await call('a picture, honestly'), 422, 'unsupported_picture');
    await expectProblem(await call(picture.slice(0, 80)), 422, 'unsupported_picture');
    const wrong = await browser.call('/api/v1/me/avatar?x=0.5', put(picture));
    await expectProblem(wrong, 400, 'validation_failed');
    expect((await read<Me>(await browser.call('/api/v1/me'))).avatar).toEqual(avatar);
  });
});
