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
  let database: ControlPlace;
  let firstApp: AppProcess;
  let secondApp: AppProcess;

  beforeAll(async () => {
    database = await stores.create();
    cleanUp.push(database.remove);
    const start = async () => {
      const { path, remove } = createTemporaryDirectory('process');
      cleanUp.push(remove);
      const app = await startAppProcess({ dataDir: path, env: { ...database.env, DATA_DIR: path } });
      cleanUp.push(app.stop);
      return app;
    };
    // Both processes start concurrently on an empty database.
    [firstApp, secondApp] = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    for (const step of cleanUp.reverse()) await step();
  });

  const codeAt = async (app: AppProcess, configuration: TestConfiguration, sub = 'alice') =>
    (await exchange(app.url, await mint(configuration, { sub }))).body['code'];
  /** Waits until an exchange at the second process returns this error code, for at most the documented 2 seconds. */
  const waitForCode = (configuration: TestConfiguration, code: string | undefined) =>
    vi.waitFor(async () => expect(await codeAt(secondApp, configuration)).toBe(code), {
      timeout: 2000,
      interval: 25,
    });

  describe('two processes on one control store', () => {
    it('apply each other’s new, disabled and deleted configurations within 2 seconds', async () => {
      const configuration = await createConfiguration(firstApp.url, 'Shared');
      await waitForCode(configuration, undefined);
      const path = `${base}/${configuration.id}`;
      await call(firstApp.url, 'PATCH', path, { body: { enabled: false } });
      expect(await codeAt(firstApp, configuration)).toBe('token_invalid');
      await waitForCode(configuration, 'token_invalid');
      await call(firstApp.url, 'PATCH', path, { body: { enabled: true } });
      await waitForCode(configuration, undefined);
      expect((await call(firstApp.url, 'DELETE', path)).status).toBe(204);
      await waitForCode(configuration, 'token_invalid');
    });

    it('accept the new key of a rotation in the other process, and reject the old key, within 2 seconds', async () => {
      const old = await createConfiguration(firstApp.url, 'Rotated');
      await waitForCode(old, undefined);
      const body = { acceptOldUntil: new Date().toISOString() };
      const rotated = await call(firstApp.url, 'POST', `${base}/${old.id}/rotate`, { body });
      await waitForCode(old, 'token_invalid');
      await waitForCode({ id: old.id, publicKey: String(rotated.body['publicKey']) }, undefined);
    });

    it('apply concurrent changes to different members of one configuration', async () => {
      const { id } = await createConfiguration(firstApp.url, 'Contended');
      for (let round = 0; round < 20; round += 1) {
        const name = `Round ${round}`;
        const [renamed, switched] = await Promise.all([
          call(firstApp.url, 'PATCH', `${base}/${id}`, { body: { name } }),
          call(secondApp.url, 'PATCH', `${base}/${id}`, { body: { enabled: round % 2 === 0 } }),
        ]);
        expect([renamed.status, switched.status]).toEqual([200, 200]);
        const { body } = await call(secondApp.url, 'GET', `${base}/${id}`);
        expect(body).toMatchObject({ name, enabled: round % 2 === 0 });
      }
    });

    it('reject, within 2 seconds, tokens that the other process revoked and tokens that both processes revoked concurrently', async () => {
      const path = '/api/v1/auth/token/revoke';
      const configuration = await createConfiguration(firstApp.url, 'Revoked');
      await waitForCode(configuration, undefined);
      const token = await mint(configuration, { sub: 'alice', iat: 1 });
      const codes = async () =>
        Promise.all([firstApp, secondApp].map(async ({ url }) => (await exchange(url, token)).body['code']));
      expect(await codes()).toEqual([undefined, undefined]);
      const revoked = await call(firstApp.url, 'POST', path, { body: { token } });
      expect((await exchange(firstApp.url, token)).body['code']).toBe('token_revoked');
      await vi.waitFor(async () => expect(await codes()).toEqual(['token_revoked', 'token_revoked']), {
        timeout: 2000,
        interval: 25,
      });
      expect((await call(secondApp.url, 'POST', path, { body: { token } })).body).toEqual(revoked.body);

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          call(index % 2 === 0 ? firstApp.url : secondApp.url, 'POST', path, {
            body: { configurationId: configuration.id, sub: `viewer-${index % 3}`, endSessions: index === 7 },
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      for (const app of [firstApp, secondApp])
        for (const sub of ['viewer-0', 'viewer-1', 'viewer-2'])
          await vi.waitFor(async () => expect(await codeAt(app, configuration, sub)).toBe('token_revoked'), {
            timeout: 2000,
            interval: 25,
          });
      expect(await codeAt(secondApp, configuration, 'viewer-3')).toBeUndefined();
      // A requested token is valid at both processes, whichever process generated it.
      const body = { configurationId: configuration.id, sub: 'viewer-0' };
      for (const { url } of [firstApp, secondApp]) {
        const requested = await call(url, 'POST', '/api/v1/auth/token', { body });
        for (const app of [firstApp, secondApp])
          expect((await exchange(app.url, requested.body['token'])).status).toBe(200);
      }
    });

    it('return the same list pages', async () => {
      const listed = await call(firstApp.url, 'GET', base);
      expect((await call(secondApp.url, 'GET', base)).text).toBe(listed.text);
    });

    it('share dashboard sessions and sign-outs', async () => {
      const path = '/api/v1/ui/session';
      const answer = await call(firstApp.url, 'POST', path, { body: { token: adminToken }, headers: {} });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      const statusAtOther = async () =>
        (await call(secondApp.url, 'GET', path, { headers: { cookie } })).status;
      expect(await statusAtOther()).toBe(200);
      await call(firstApp.url, 'DELETE', path, { headers: { cookie, origin: firstApp.url } });
      expect(await statusAtOther()).toBe(401);
    });
  });

  describe('a process that cannot open the control store', () => {
    const startWith = async (env: Record<string, string>) => {
      const dataDir = temporaryDirectory('refused');
      const app = await startAppProcess({
        dataDir,
        wait: false,
        env: { ...database.env, DATA_DIR: dataDir, ...env },
      });
      onTestFinished(() => void app.stop());
      await vi.waitFor(() => expect(app.child.exitCode).not.toBeNull(), { timeout: 15_000 });
      return app;
    };

    it('does not start without the master key or with a wrong master key, and reports the setting', async () => {
      const withoutKey = await startWith({ MASTER_KEY: '' });
      expect(withoutKey.child.exitCode).toBe(1);
      expect(withoutKey.output()).toMatch(/MASTER_KEY must be set with DATABASE_URL.*openssl rand/);
      const wrong = await startWith({ MASTER_KEY: 'another-master-key-of-32-characters-or-more' });
      expect(wrong.child.exitCode).toBe(1);
      expect(wrong.output()).toContain('MASTER_KEY is not the key');
    });

    it('does not start with a wrong password or without a server, and reports the reason without the password', async () => {
      const url = new URL(database.env['DATABASE_URL'] ?? '');
      const { password } = url;
      url.password = 'wrong-password-hunter2';
      const refused = await startWith({ DATABASE_URL: url.href });
      expect(refused.child.exitCode).toBe(1);
      expect(refused.output()).toContain('28P01');
      expect(refused.output()).not.toMatch(/hunter2/);
      url.password = password;
      url.port = '1';
      const unreachable = await startWith({ DATABASE_URL: url.href, LOG_LEVEL: 'trace' });
      expect(unreachable.child.exitCode).toBe(1);
      expect(unreachable.output()).toContain('ECONNREFUSED');
      expect(unreachable.output()).not.toContain(password);
    });
  });
}
