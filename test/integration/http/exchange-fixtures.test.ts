import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../support/api.ts';
import { acceptedFixtures, refusedFixtures } from '../../unit/tokens/support/fixtures.ts';
import { addFixtureConfigurations, useInstance } from './support/instance.ts';

const instance = useInstance();
beforeAll(() => addFixtureConfigurations(instance()));

/**
 * Tokens for which the contract allows either result (test/fixtures/tokens/README.md). The exchange may accept or
 * reject them, but must return a response.
 */
const mayOpen = /^jwcrypto: (b64|1,000 deep|100,000 deep in an unknown claim)/;

describe('tokens of other libraries', () => {
  it('can be exchanged for sessions, which are counted by configuration and tag', async () => {
    await instance().settled();
    const before = (await instance().get('/api/v1/usage/summary')).body['total'];
    for (const { token, name } of acceptedFixtures) {
      const { status } = await exchange(instance().url, token);
      expect([name, status]).toEqual([name, 200]);
    }
    await instance().settled();
    const { body } = await instance().get('/api/v1/usage/summary');
    expect(body['total']).toBe(Number(before) + acceptedFixtures.length);

    const unicode = acceptedFixtures.filter(({ name }) => name.endsWith('trc unicode'));
    expect(unicode).toHaveLength(8);
    for (const tag of (unicode[0]?.claims['trc'] ?? []) as string[]) {
      const usage = await instance().get(`/api/v1/usage/tags/${encodeURIComponent(tag)}`);
      expect(usage.body).toMatchObject({ tag: tag.normalize('NFC'), total: unicode.length });
    }
  });

  it.each(refusedFixtures)(
    'are rejected, unless the contract allows either result: $name',
    async ({ token, name }) => {
      const { status, body } = await exchange(instance().url, token);
      if (mayOpen.test(name)) expect([200, 401]).toContain(status);
      else expect([status, body['code']]).toEqual([401, 'token_invalid']);
    },
  );

  it('leave the process running and ready', async () => {
    expect(instance().app.child.exitCode).toBeNull();
    expect((await instance().get('/health/ready')).status).toBe(200);
  });
});
