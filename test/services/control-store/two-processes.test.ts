import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, adminToken, startAppProcess } from '../../support/app-process.ts';
import type { ControlPlace } from '../../support/control-stores.ts';
import { describeOnPostgres, type PostgresStores } from '../../support/services/postgres-stores.ts';
import { createTemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';

const base = '/api/v1/web-access-tokens/configurations';

describeOnPostgres(twoProcessesCases);

function twoProcessesCases(stores: PostgresStores): void {
  const cleanUp: (() => unknown)[] = [];
  let place: ControlPlace;
  let one: AppProcess;
  let other: AppProcess;

  beforeAll(async () => {
    place = await stores.create();
    cleanUp.push(place.remove);
    const start = async () => {
      const { path, remove } = createTemporaryDirectory('process');
      cleanUp.push(remove);
      const app = await startAppProcess({ dataDir: path, env: { ...place.env, DATA_DIR: path } });
      cleanUp.push(app.stop);
      return app;
    };
    // At once, on an empty database.
    [one, other] = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
  });

  const codeAt = async (app: AppProcess, configuration: TestConfiguration, sub = 'alice') =>
    (await exchange(app.url, await mint(configuration, { sub }))).body['code'];
  /** At the other process, within the 2 seconds that are promised. */
  const becomes = (configuration: TestConfiguration, code: string | undefined) =>
    vi.waitFor(async () => expect(await codeAt(other, configuration)).toBe(code), {
      timeout: 2000,
      interval: 25,
    });

  describe('two processes on one control store', () => {
    it('know each other’s configurations, and stop with them, within 2 seconds', async () => {
      const configuration = await createConfiguration(one.url, 'Shared');
      await becomes(configuration, undefined);
      const path = `${base}/${configuration.id}`;
      await call(one.url, 'PATCH', path, { body: { enabled: false } });
      expect(await codeAt(one, configuration)).toBe('token_invalid');
      await becomes(configuration, 'token_invalid');
      await call(one.url, 'PATCH', path, { body: { enabled: true } });
      await becomes(configuration, undefined);
      expect((await call(one.url, 'DELETE', path)).status).toBe(204);
      await becomes(configuration, 'token_invalid');
    });

    it('change different members of one configuration at once, and both are kept', async () => {
      const { id } = await createConfiguration(one.url, 'Contended');
      for (let round = 0; round < 20; round += 1) {
        const name = `Round ${round}`;
        const [renamed, switched] = await Promise.all([
          call(one.url, 'PATCH', `${base}/${id}`, { body: { name } }),
          call(other.url, 'PATCH', `${base}/${id}`, { body: { enabled: round % 2 === 0 } }),
        ]);
        expect([renamed.status, switched.status]).toEqual([200, 200]);
        const { body } = await call(other.url, 'GET', `${base}/${id}`);
        expect(body).toMatchObject({ name, enabled: round % 2 === 0 });
      }
    });

    it('refuse what the other one has revoked, within 2 seconds, and what both revoke at once', async () => {
      const path = '/api/v1/auth/token/revoke';
      const configuration = await createConfiguration(one.url, 'Revoked');
      await becomes(configuration, undefined);
      const token = await mint(configuration, { sub: 'alice', iat: 1 });
      const codes = async () =>
        Promise.all([one, other].map(async ({ url }) => (await exchange(url, token)).body['code']));
      expect(await codes()).toEqual([undefined, undefined]);
      const revoked = await call(one.url, 'POST', path, { body: { token } });
      expect((await exchange(one.url, token)).body['code']).toBe('token_revoked');
      await vi.waitFor(async () => expect(await codes()).toEqual(['token_revoked', 'token_revoked']), {
        timeout: 2000,
        interval: 25,
      });
      expect((await call(other.url, 'POST', path, { body: { token } })).body).toEqual(revoked.body);

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          call(index % 2 === 0 ? one.url : other.url, 'POST', path, {
            body: { configurationId: configuration.id, sub: `viewer-${index % 3}`, endSessions: index === 7 },
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      for (const app of [one, other])
        for (const sub of ['viewer-0', 'viewer-1', 'viewer-2'])
          await vi.waitFor(async () => expect(await codeAt(app, configuration, sub)).toBe('token_revoked'), {
            timeout: 2000,
            interval: 25,
          });
      expect(await codeAt(other, configuration, 'viewer-3')).toBeUndefined();
      // A token of the service, made by either process, works at both.
      const body = { configurationId: configuration.id, sub: 'viewer-0' };
      for (const { url } of [one, other]) {
        const requested = await call(url, 'POST', '/api/v1/auth/token', { body });
        for (const app of [one, other])
          expect((await exchange(app.url, requested.body['token'])).status).toBe(200);
      }
    });

    it('list the same pages', async () => {
      const listed = await call(one.url, 'GET', base);
      expect((await call(other.url, 'GET', base)).text).toBe(listed.text);
    });

    it('sign a dashboard in and out for each other', async () => {
      const path = '/api/v1/ui/session';
      const answer = await call(one.url, 'POST', path, { body: { token: adminToken }, headers: {} });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      const statusAtOther = async () => (await call(other.url, 'GET', path, { headers: { cookie } })).status;
      expect(await statusAtOther()).toBe(200);
      await call(one.url, 'DELETE', path, { headers: { cookie, origin: one.url } });
      expect(await statusAtOther()).toBe(401);
    });
  });

  describe('a process with another master key, or none', () => {
    const startWith = async (env: Record<string, string>) => {
      const dataDir = temporaryDirectory('refused');
      const app = await startAppProcess({
        dataDir,
        wait: false,
        env: { ...place.env, DATA_DIR: dataDir, ...env },
      });
      onTestFinished(() => void app.stop());
      await vi.waitFor(() => expect(app.child.exitCode).not.toBeNull(), { timeout: 15_000 });
      return app;
    };

    it('refuses to start, and says what to set', async () => {
      const without = await startWith({ MASTER_KEY: '' });
      expect(without.child.exitCode).toBe(1);
      expect(without.output()).toMatch(/MASTER_KEY must be set with DATABASE_URL.*openssl rand/);
      const wrong = await startWith({ MASTER_KEY: 'another-master-key-of-32-characters-or-more' });
      expect(wrong.child.exitCode).toBe(1);
      expect(wrong.output()).toContain('MASTER_KEY is not the key');
    });

    it('or with a password that is wrong, or without a server: says so, never the password', async () => {
      const url = new URL(place.env['DATABASE_URL'] ?? '');
      const { password } = url;
      url.password = 'wrong-password-hunter2';
      const refused = await startWith({ DATABASE_URL: url.href });
      expect(refused.child.exitCode).toBe(1);
      expect(refused.output()).toContain('28P01');
      expect(refused.output()).not.toMatch(/hunter2/);
      url.password = password;
      url.port = '1';
      const nobody = await startWith({ DATABASE_URL: url.href, LOG_LEVEL: 'trace' });
      expect(nobody.child.exitCode).toBe(1);
      expect(nobody.output()).toContain('ECONNREFUSED');
      expect(nobody.output()).not.toContain(password);
    });
  });
}
