import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createServerClickHouse } from '../../../src/platform/clickhouse/client.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

it.skipIf(!hasOpenssl)(
  'the ClickHouse client trusts only servers with a certificate of the given authority',
  async () => {
    const directory = temporaryDirectory('tls');
    const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'].concat([
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        certificate,
      ]),
      { stdio: 'ignore' },
    );
    const server = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        request.resume().once('end', () => response.end('{"answer":1}\n'));
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());

    const connect = (certificateAuthority: Buffer | undefined) => {
      const client = createServerClickHouse({
        url: `https://localhost:${(server.address() as AddressInfo).port}`,
        user: 'u',
        password: 'p',
        database: undefined,
        certificateAuthority,
        requestTimeoutMs: 5000,
        maxConnections: 1,
        settings: {},
      });
      onTestFinished(() => client.close());
      return client.query({ query: 'SELECT 1 AS answer', format: 'JSONEachRow' });
    };
    expect(await (await connect(readFileSync(certificate))).json()).toEqual([{ answer: 1 }]);
    await expect(connect(undefined)).rejects.toThrow(/self-signed/);
  },
);
