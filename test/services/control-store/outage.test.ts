import { describe, expect, it, vi } from 'vitest';
import { addApiToken, useInstance } from '../../integration/http/support/instance.ts';
import { exchange, mint } from '../../support/api.ts';
import { describeOnPostgres, type PostgresStores } from '../../support/services/postgres-stores.ts';

const base = '/api/v1/web-access-tokens/configurations';

describeOnPostgres(outageCases);

function outageCases(stores: PostgresStores): void {
  const instance = useInstance({}, stores);
  const unavailable = { status: 503, code: 'control_store_unavailable' };
  const rename = (id: string, name: string) => instance().call('PATCH', `${base}/${id}`, { body: { name } });

  const revoke = (body: object) => instance().call('POST', '/api/v1/auth/token/revoke', { body });

  /** Waits until writes to the control store succeed again. */
  const waitForRecovery = (id: string) =>
    vi.waitFor(async () => expect((await rename(id, 'Back')).status).toBe(200), { timeout: 15_000 });

  describe('a PostgreSQL server that is killed', () => {
    it('does not affect exchanges of known configurations, causes 503 for other requests, and is used again after its restart', async () => {
      const configuration = await instance().configuration('Known');
      const remembered = await mint(configuration, { sub: 'alice' });
      const { headers, token } = await addApiToken(instance(), { scopes: ['tokens:read', 'ops'] });
      expect((await exchange(instance().url, remembered)).status).toBe(200);
      expect((await instance().get(base, headers)).status).toBe(200);

      await stores.server().kill();
      for (const webAccessToken of [remembered, await mint(configuration, { sub: 'bob' })]) {
        expect((await exchange(instance().url, webAccessToken)).status).toBe(200);
      }
      const path = `${base}/${configuration.id}`;
      for (const answer of [
        await instance().call('POST', base, { body: { name: 'New' } }),
        await rename(configuration.id, 'x'),
        await instance().call('DELETE', path),
        await revoke({ token: remembered }),
        await revoke({ configurationId: configuration.id, endSessions: true }),
        await instance().get(base),
        await instance().get(path),
        await instance().get(base, headers),
        await instance().get('/api/v1/ui/session', { cookie: 'watmeter_ui=x' }),
        await instance().call('POST', '/api/v1/ui/session', { body: { token }, headers: {} }),
      ]) {
        expect(answer.body).toMatchObject(unavailable);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
        expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN|postgres/i);
      }
      // Tokens are generated from memory. Tokens that are not revoked remain valid, during and after the outage.
      const body = { configurationId: configuration.id, sub: 'carol' };
      const requested = await instance().call('POST', '/api/v1/auth/token', { body });
      expect((await exchange(instance().url, requested.body['token'])).status).toBe(200);
      expect((await exchange(instance().url, remembered)).status).toBe(200);
      // The process stays ready, because sessions still work. The health route needs no credential, so it still
      // responds.
      expect((await instance().get('/health/ready', headers)).status).toBe(200);
      const proxied = { ...headers, 'x-forwarded-for': '192.0.2.1' };
      const isDegraded = async () => (await instance().get('/health/ready', proxied)).body;
      await expect.poll(isDegraded, { timeout: 20_000 }).toEqual({ status: 'degraded' });
      expect((await instance().call('GET', '/api/v1/usage/summary')).status).toBe(200);

      const { output } = instance().app;
      await vi.waitFor(() => expect(output()).toContain('a periodic task failed'), { timeout: 5000 });
      await stores.server().start();
      await waitForRecovery(configuration.id);
      expect((await instance().get(base, headers)).status).toBe(200);
      expect((await exchange(instance().url, remembered)).status).toBe(200);
      expect((await revoke({ token: remembered })).status).toBe(200);
      expect((await exchange(instance().url, remembered)).body['code']).toBe('token_revoked');
      expect((await instance().call('DELETE', path)).status).toBe(204);
      expect((await exchange(instance().url, remembered)).body['code']).toBe('token_invalid');
      await vi.waitFor(() => expect(output()).toContain('a periodic task works again'), { timeout: 5000 });
      expect(output()).not.toContain(stores.server().password);
    });

    it('during changes does not end any process or lose an acknowledged change', async () => {
      const { id } = await instance().configuration('Hammered');
      for (let round = 0; round < 3; round += 1) {
        let answered = -1;
        let attempted = -1;
        let stopped = false;
        const hammer = (async () => {
          while (!stopped) {
            attempted += 1;
            const { status } = await rename(id, `${round}-${attempted}`);
            expect([200, 503]).toContain(status);
            if (status === 200) answered = attempted;
          }
        })();
        const readers = Array.from({ length: 8 }, async () => {
          while (!stopped) expect([200, 503]).toContain((await instance().get(base)).status);
        });
        await vi.waitFor(() => expect(answered).toBeGreaterThan(5), { timeout: 10_000, interval: 5 });
        await stores.server().kill();
        await vi.waitFor(async () => expect((await rename(id, 'no')).status).toBe(503));
        stopped = true;
        await Promise.all([hammer, ...readers]);
        const [lastAnswered, lastAttempted] = [answered, attempted];
        await stores.server().start();
        const afterRestart = await vi.waitFor(
          async () => {
            const answer = await instance().get(`${base}/${id}`);
            expect(answer.status).toBe(200);
            return answer;
          },
          { timeout: 15_000 },
        );
        const [storedRound, storedChange] = String(afterRestart.body['name']).split('-').map(Number);
        expect(storedRound).toBe(round);
        expect(storedChange).toBeGreaterThanOrEqual(lastAnswered);
        expect(storedChange).toBeLessThanOrEqual(lastAttempted);
      }
      expect(instance().app.child.exitCode).toBeNull();
    });
  });

  describe('PostgreSQL that is frozen with open connections', () => {
    it('causes 503 within 15 seconds while exchanges still succeed, and later responses belong to their requests', async () => {
      const configuration = await instance().configuration('Frozen');
      await rename(configuration.id, 'Before');
      stores.server().freeze();
      try {
        const startMs = performance.now();
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, index) => rename(configuration.id, `Frozen ${index}`)),
        );
        for (const answer of answers) expect(answer.body).toMatchObject(unavailable);
        expect(performance.now() - startMs).toBeLessThan(15_000);
        const token = await mint(configuration, { sub: 'carol' });
        expect((await exchange(instance().url, token)).status).toBe(200);
      } finally {
        stores.server().thaw();
      }
      await waitForRecovery(configuration.id);
      for (let index = 0; index < 10; index += 1) {
        const answer = await rename(configuration.id, `After ${index}`);
        expect(answer.body).toMatchObject({ id: configuration.id, name: `After ${index}` });
      }
    });
  });
}
