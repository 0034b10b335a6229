import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { type AppProcess, startAppProcess } from '../../support/app-process.ts';
import { until } from '../../support/faults/instance.ts';
import { type KafkaCluster, startKafka } from '../../support/services/kafka.ts';
import { describeServices } from '../../support/services/need.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../../bin/watmeter.cjs', import.meta.url));

describeServices('a Kafka cluster with TLS and passwords', ['kafka', 'openssl'], () => {
  let kafka: KafkaCluster;
  let app: AppProcess | undefined;
  const directory = createTemporaryDirectory('secured');
  const env: Record<string, string> = {};

  beforeAll(async () => {
    kafka = await startKafka({ brokers: 1, security: true });
    const { ca = '', username = '', password = '', saslTls = [] } = kafka.security ?? {};
    writeFileSync(join(directory.path, 'ca.pem'), ca);
    Object.assign(env, {
      KAFKA_BROKERS: saslTls.join(','),
      KAFKA_TLS: 'true',
      KAFKA_CA_FILE: join(directory.path, 'ca.pem'),
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_USERNAME: username,
      KAFKA_PASSWORD: password,
      KAFKA_PARTITIONS: '3',
      KAFKA_REPLICATION: '1',
      KAFKA_MIN_IN_SYNC: '1',
      KAFKA_SESSION_TIMEOUT: '6s',
    });
  });
  afterAll(async () => {
    await app?.stop('SIGKILL');
    await kafka?.stop();
    directory.remove();
  });

  function runTopics(changed: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, 'topics'], {
      env: { PATH: process.env['PATH'], ...env, ...changed },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  it('gets its topic from the command `topics`, which then confirms the topic or reports differences', () => {
    expect(runTopics()).toMatchObject({
      status: 0,
      stdout: 'Created the topic watmeter.sessions with 3 partitions.\n',
    });
    expect(runTopics()).toMatchObject({
      status: 0,
      stdout: 'The topic watmeter.sessions matches the settings.\n',
    });
    const { status, stderr } = runTopics({
      KAFKA_PARTITIONS: '6',
      KAFKA_MIN_IN_SYNC: '2',
      KAFKA_REPLICATION: '3',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('There are 3 partitions: raise them to 6');
    expect(stderr).toContain('A partition has 1 of 3 replicas');
    expect(stderr).toContain('min.insync.replicas is 1: set it to 2');
  });

  it('rejects a wrong password, and the error of the command does not contain the password', () => {
    const { status, stderr } = runTopics({ KAFKA_PASSWORD: 'not-the-password' });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/SASL/);
    expect(stderr).not.toContain('not-the-password');
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'transports sessions from the journal to the embedded ClickHouse (%s)',
    async (KAFKA_SASL_MECHANISM) => {
      const dataDir = join(directory.path, KAFKA_SASL_MECHANISM);
      // Each test case has its own group, so it also reads the events of the earlier cases.
      app = await startAppProcess({
        dataDir,
        env: { ...env, KAFKA_SASL_MECHANISM, KAFKA_GROUP: KAFKA_SASL_MECHANISM },
      });
      const { url } = app;
      const configuration = await createConfiguration(url);
      const tag = `through-${KAFKA_SASL_MECHANISM}`;
      const token = await mint(configuration, { sub: 'viewer', trc: [tag] });
      for (let count = 0; count < 30; count += 1) expect((await exchange(url, token)).status).toBe(200);
      const total = async () => (await call(url, 'GET', `/api/v1/usage/tags/${tag}`)).body['total'];
      await until(
        'all sessions are counted',
        async () => (await total()) === 30,
        30_000,
        () => app?.output() ?? '',
      );
      await app.stop();
    },
  );
});
