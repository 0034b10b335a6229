import { describe, expect, it } from 'vitest';
import { createLocalCheck } from '../../../../src/platform/http/loopback.ts';

const closed = { publicUrl: undefined, trustProxy: false, metricsToken: undefined };
const request = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
  ({ headers, socket: { remoteAddress } }) as never;

describe('createLocalCheck', () => {
  const isLocal = createLocalCheck(closed);

  it.each(['127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]:8080', '127.1.2.3'])(
    'accepts a request of this machine to %s',
    (host) => {
      for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
        expect(isLocal(request({ host }, peer))).toBe(true);
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '',
    '0.0.0.0',
    '10.0.0.1:8080',
  ])('rejects another Host, because a page can point its own name to loopback: %j', (host) => {
    expect(isLocal(request({ host }))).toBe(false);
  });

  it.each(['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])(
    'rejects a request with the header of a proxy: %s',
    (name) => {
      expect(isLocal(request({ host: 'localhost', [name]: '127.0.0.1' }))).toBe(false);
    },
  );

  it('rejects other machines', () => {
    for (const peer of ['10.0.0.1', '2001:db8::1', ''])
      expect(isLocal(request({ host: 'localhost' }, peer))).toBe(false);
  });

  it.each([
    { publicUrl: 'https://usage.example' },
    { trustProxy: true },
    { trustProxy: ['127.0.0.1'] },
    { metricsToken: 'a metrics token of a test' },
  ])('accepts no request with %j', (settings) => {
    expect(createLocalCheck({ ...closed, ...settings })(request({ host: 'localhost' }))).toBe(false);
  });
});
