import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../support/api.ts';
import { acceptedFixtures, refusedFixtures } from '../../unit/tokens/support/fixtures.ts';
import { addFixtureConfigurations, useInstance } from './support/instance.ts';

const instance = useInstance();
beforeAll(() => addFixtureConfigurations(instance()));

/** Beyond the contract, see test/fixtures/tokens/README.md: either answer will do, but an answer it must be. */
const mayOpen = /^jwcrypto: (b64|1,000 deep|100,000 deep in an unknown claim)/;

describe('tokens made by others', () => {
  it('are exchanged for sessions, each counted under its configuration and its tags', async () => {
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
      const one = await instance().get(`/api/v1/usage/tags/${encodeURIComponent(tag)}`);
      expect(one.body).toMatchObject({ tag: tag.normalize('NFC'), total: unicode.length });
    }
  });

  it.each(refusedFixtures)('get the answer of their kind: $name', async ({ token, name }) => {
    const { status, body } = await exchange(instance().url, token);
    if (mayOpen.test(name)) expect([200, 401]).toContain(status);
    else expect([status, body['code']]).toEqual([401, 'token_invalid']);
  });

  it('leave the process as it was', async () => {
    expect(instance().app.child.exitCode).toBeNull();
    expect((await instance().get('/health/ready')).status).toBe(200);
  });
});
