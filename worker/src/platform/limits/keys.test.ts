import { describe, expect, it } from 'vitest';
import { accountKey, addressKey, addressPrefix } from './keys.ts';

describe('the key of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['203.0.113.250', '203.0.113.0/24'],
    [' 203.0.113.7 ', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['::FFFF:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1234:5678:9abc:def0:1:2', '2001:db8:1234:5600::/56'],
    ['2001:0DB8:1234:56ff::', '2001:db8:1234:5600::/56'],
    ['2001:db8:1234:5700::1', '2001:db8:1234:5700::/56'],
    ['2001:db8::1', '2001:db8:0:0::/56'],
    ['fe80::1', 'fe80:0:0:0::/56'],
    ['::1', '0:0:0:0::/56'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/56'],
  ])('%s is %s', (address, prefix) => {
    expect(addressPrefix(address)).toBe(prefix);
  });

  it.each([null, undefined, '', 'unknown', 'melro.test', '1.2.3', ':', '1:2'])('%s is no address', (text) => {
    expect(addressPrefix(text)).toBe('local');
  });

  it('comes from the header that Cloudflare sets and from no other', () => {
    const headers = { 'x-forwarded-for': '198.51.100.1', 'x-real-ip': '198.51.100.1' };
    expect(addressKey(new Request('http://melro.test/', { headers }))).toBe('local');
    const set = new Request('http://melro.test/', {
      headers: { ...headers, 'cf-connecting-ip': '192.0.2.9' },
    });
    expect(addressKey(set)).toBe('192.0.2.0/24');
  });
});

describe('the key of an account', () => {
  it('is one however the address is spelled, and does not hold it', async () => {
    const key = await accountKey('ann@example.com');
    for (const spelled of ['Ann@Example.com', ' ann@example.com ', 'ａｎｎ@example.com']) {
      expect(await accountKey(spelled)).toBe(key);
    }
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await accountKey('bob@example.com')).not.toBe(key);
  });
});
