import { describe, expect, it } from 'vitest';
import { clientKeyOf } from '../../../../src/platform/http/client-key.ts';

const keyOf = (ip: string) => clientKeyOf({ ip, socket: { remoteAddress: '192.0.2.1' } } as never);

describe('clientKeyOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:5151', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
  ])('returns the IPv4 address or the /64 network of %s', (ip, key) => {
    expect(keyOf(ip)).toBe(key);
  });

  it.each(['unknown', '', '<script>', '203.0.113.7.9', '_hidden', 'example.com:80'])(
    'returns the address of the peer for a text that is not an address: %j',
    (ip) => {
      expect(keyOf(ip)).toBe('192.0.2.1');
    },
  );
});
