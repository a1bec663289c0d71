import { exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';

it('says that it lives', async () => {
  const response = await exports.default.fetch('http://melro.test/healthz');
  expect(await response.json()).toEqual({ status: 'ok' });
});
