import { describe, expect, it } from 'vitest';
import { accountsIn, PASSWORD, PUBLIC_ORIGIN, signedUp } from '../support/accounts.ts';
import { expectProblem } from '../support/refusals.ts';

const production = accountsIn('production');

describe('nobody is led to another site', () => {
  it.each([
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/%5celsewhere.example',
    '/..//elsewhere.example',
    '/.//elsewhere.example',
    '/settings/..//elsewhere.example',
    '/settings/%2e%2e//elsewhere.example',
    `${PUBLIC_ORIGIN}.elsewhere.example`,
    `${PUBLIC_ORIGIN}@elsewhere.example`,
    'javascript:alert(1)',
  ])('by a link or a form that asks for %s', async (address) => {
    const { email, browser } = await signedUp(production);
    const query = `callbackURL=${encodeURIComponent(address)}`;
    const answers = [
      await browser.call(`/api/auth/verify-email?token=none&${query}`),
      await browser.call(`/api/auth/reset-password/none?${query}`),
      await production.browser().call('/api/auth/sign-in/email', {
        json: { email, password: PASSWORD, callbackURL: address },
      }),
      await browser.call('/api/auth/request-password-reset', { json: { email, redirectTo: address } }),
    ];
    for (const answer of answers) {
      expect(answer.headers.get('location')).toBeNull();
      await expectProblem(answer, 403, 'forbidden');
    }
  });

  it('but is led to pages of ours', async () => {
    const answer = await production
      .browser()
      .call('/api/auth/verify-email?token=none&callbackURL=%2Fverify-email%3Fa%3D1');
    expect(answer.status).toBe(302);
    expect(new URL(answer.headers.get('location') ?? '', PUBLIC_ORIGIN).origin).toBe(PUBLIC_ORIGIN);
  });
});
