import { describe, expect, it, vi } from 'vitest';
import { accountsIn, signedUp, somebody } from '../support/accounts.ts';
import { bindingsWith, read } from '../support/api.ts';
import { visitProvider } from '../support/internet.ts';
import { KEYS, usersOf, WITH_PROVIDERS, withProvider } from '../support/providers.ts';
import { expectProblem } from '../support/refusals.ts';

const { production, site } = await withProvider();

describe('what an installation is set up for', () => {
  const options = async (accounts: typeof production) =>
    read<object>(await accounts.api('/api/v1/auth-options'));

  it('names the providers it has keys of, and no secret', async () => {
    const providers = [
      { id: 'google', name: 'Google' },
      { id: 'github', name: 'GitHub' },
      { id: 'discord', name: 'Discord' },
      { id: 'oidc', name: 'Company' },
    ];
    const said = await options(production);
    expect(said).toMatchObject({ providers, hasPasskeys: true, isSignUpOpen: true, turnstileSiteKey: null });
    expect(JSON.stringify(said)).not.toContain(KEYS.clientSecret);
    const plain = accountsIn('production');
    expect(await options(plain)).toMatchObject({ providers: [] });
    const answer = await plain.browser().call('/api/auth/sign-in/social', { json: { provider: 'github' } });
    await expectProblem(answer, 404, 'not_found');
  });

  it('takes nobody new where sign-up is closed, by no way in', async () => {
    await signedUp(production);
    const closed = accountsIn('production', bindingsWith({ ...WITH_PROVIDERS, SIGN_UP: 'closed' }));
    expect(await options(closed)).toMatchObject({ isSignUpOpen: false });
    const answer = await closed.browser().call('/api/auth/sign-up/email', { json: somebody() });
    await expectProblem(answer, 403, 'sign_up_closed');
    const { page } = await visitProvider(closed.browser(), site, 'oidc');
    expect(page).toMatch(/^\/sign-in\?error=sign_up_closed/);
    expect(await usersOf(site.person.email)).toEqual([]);
  });

  it('offers no passkeys on an address that browsers make none for', async () => {
    const numeric = accountsIn('development', bindingsWith({ PUBLIC_ORIGIN: 'http://127.0.0.1:5173' }));
    expect(await options(numeric)).toMatchObject({ hasPasskeys: false });
    vi.restoreAllMocks();
  });
});
