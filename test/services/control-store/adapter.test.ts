import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../src/app/config.ts';
import { openPostgresControlStore } from '../../../src/platform/sql/engines/postgres.ts';
import { describeOnPostgres, type PostgresStores } from '../../support/services/postgres-stores.ts';
import { startStallingProxy } from '../../support/services/stalling-proxy.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

/** Creates a self-signed certificate for an IP address or a DNS name. */
function createCertificate(subject: string): { key: string; certificate: string; path: string } {
  const { path, remove } = createTemporaryDirectory('certificate');
  const [keyFile, certificateFile] = [join(path, 'key.pem'), join(path, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test'];
  const output = ['-keyout', keyFile, '-out', certificateFile, '-addext', `subjectAltName=${subject}`];
  execFileSync('openssl', [...request, ...output], { stdio: 'ignore' });
  const read = (file: string) => readFileSync(file, 'utf8');
  const created = { key: read(keyFile), certificate: read(certificateFile), path: certificateFile };
  remove();
  return created;
}

const trusted = createCertificate('IP:127.0.0.1');
const untrusted = createCertificate('IP:127.0.0.1');
const misnamed = createCertificate('DNS:db.example');

function writeAuthorityFile(text: string): string {
  const { path, remove } = createTemporaryDirectory('authority');
  onTestFinished(remove);
  writeFileSync(join(path, 'ca.pem'), text);
  return join(path, 'ca.pem');
}

/** Opens a control store on a new database with the given settings. */
async function open(stores: PostgresStores, query = '', caFile?: string, port?: number) {
  const url = new URL((await stores.server().createDatabase()) + query);
  if (port !== undefined) url.port = String(port);
  const parsed = parseConfig({ DATABASE_URL: url.href, MASTER_KEY: 'm'.repeat(32) });
  if (!parsed.ok || parsed.config.databaseUrl === undefined) throw new Error(JSON.stringify(parsed));
  const { store } = openPostgresControlStore({ address: parsed.config.databaseUrl, caFile });
  onTestFinished(() => store.destroy());
  const isEncrypted = async () => {
    const answer = await sql<{
      ssl: boolean;
    }>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`.execute(store);
    return answer.rows[0]?.ssl;
  };
  return { store, isEncrypted };
}

const withTls = (certificate: typeof trusted) => ({
  settings: ['ssl=on', 'ssl_cert_file=server.pem', 'ssl_key_file=server.key'],
  files: { 'server.pem': certificate.certificate, 'server.key': certificate.key },
});

describeOnPostgres((stores) => {
  describe('TLS to PostgreSQL', () => {
    it('is used if sslmode requires TLS, and accepts only a certificate of a trusted authority', async () => {
      const modes = ['require', 'verify-ca', 'verify-full'].map((mode) => `?sslmode=${mode}`);
      for (const mode of modes) {
        const trusting = await open(stores, mode, writeAuthorityFile(trusted.certificate));
        expect(await trusting.isEncrypted()).toBe(true);
        for (const caFile of [undefined, writeAuthorityFile(untrusted.certificate)]) {
          const refusing = await open(stores, mode, caFile);
          await expect(refusing.isEncrypted()).rejects.toMatchObject({
            code: 'control_store_unavailable',
            cause: { message: expect.stringMatching(/self-signed certificate/) },
          });
        }
      }
      expect(await (await open(stores, '?sslmode=disable')).isEncrypted()).toBe(false);
    });

    it('reports the setting that refers to a missing file', async () => {
      await expect(open(stores, '?sslmode=require', '/nowhere/ca.pem')).rejects.toThrow(
        /^DATABASE_CA_FILE cannot be read: ENOENT$/,
      );
    });
  });

  describe('a value in a PostgreSQL statement or result', () => {
    it('is read as a number if its type is BIGINT, and causes an error if a number cannot represent it exactly', async () => {
      const { store } = await open(stores);
      const read = async (text: string) =>
        (await sql<{ n: number }>`SELECT ${sql.raw(text)}::bigint AS n`.execute(store)).rows[0]?.n;
      expect(await read('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
      expect(await read('-9007199254740991')).toBe(Number.MIN_SAFE_INTEGER);
      await expect(read('9007199254740992')).rejects.toThrow(RangeError);
      expect(await read('1')).toBe(1);
    });

    it('causes a bad_request error if it is text with a NUL character', async () => {
      const { store } = await open(stores);
      const reading = sql`SELECT ${'a\0b'}::text`.execute(store);
      await expect(reading).rejects.toMatchObject({ code: 'bad_request', kind: 'syntax' });
    });
  });

  describe('a statement that exceeds its time limit', () => {
    it('is cancelled by the server, and the next statement succeeds', async () => {
      const { store } = await open(stores);
      const startMs = performance.now();
      await expect(sql`SELECT pg_sleep(60)`.execute(store)).rejects.toMatchObject({
        code: 'control_store_unavailable',
        cause: { message: expect.stringContaining('57014') },
      });
      expect(performance.now() - startMs).toBeLessThan(10_000);
      expect((await sql<{ n: number }>`SELECT 1 AS n`.execute(store)).rows).toEqual([{ n: 1 }]);
    });
  });

  describe('a connection that no longer transmits data', () => {
    it('is discarded after the first statement without a response', async () => {
      const proxy = await startStallingProxy(stores.server().port);
      const { store } = await open(stores, '', undefined, proxy.port);
      const query = () => sql<{ n: number }>`SELECT 1 AS n`.execute(store);
      await query();
      proxy.stallOpenConnections();
      await expect(query()).rejects.toMatchObject({ code: 'control_store_unavailable' });
      const startMs = performance.now();
      expect((await query()).rows).toEqual([{ n: 1 }]);
      expect(performance.now() - startMs).toBeLessThan(2000);
    });
  });

  describe('a transaction', () => {
    it('has the isolation level read committed, whatever the default of the database', async () => {
      const { store } = await open(stores);
      await sql`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`.execute(
        store,
      );
      // The new default applies only to new connections.
      const ending = sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(store);
      await expect(ending).rejects.toMatchObject({ code: 'control_store_unavailable' });
      const { rows } = await sql`SHOW transaction_isolation`.execute(store);
      expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
    });
  });
}, withTls(trusted));

describeOnPostgres((stores) => {
  it('a certificate for another name is rejected, even if its authority is trusted', async () => {
    const refusing = await open(stores, '?sslmode=require', writeAuthorityFile(misnamed.certificate));
    await expect(refusing.isEncrypted()).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/does not match certificate/) },
    });
  });
}, withTls(misnamed));

describeOnPostgres((stores) => {
  it('a server without TLS is rejected if sslmode requires TLS', async () => {
    await expect((await open(stores, '?sslmode=require')).isEncrypted()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('does not support SSL') },
    });
  });
});
