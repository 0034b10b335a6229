import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createConfiguration, mint, type TestConfiguration } from '../../support/api.ts';
import { startAppProcess } from '../../support/app-process.ts';
import { childrenOf, isLinux, listeningPorts } from '../../support/processes.ts';
import { type Answer, sendRequest } from '../../support/send-request.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { useInstance } from '../http/support/instance.ts';
import { headersOf, sessionPath } from '../http/support/session-api.ts';

const instance = useInstance({ GATEWAY_WORKERS: '3' });
const configurations = '/api/v1/web-access-tokens/configurations';

let configuration: TestConfiguration;
beforeAll(async () => {
  configuration = await instance().configuration();
});

const exchange = (webAccessToken: string) =>
  sendRequest(instance().url, 'POST', '/api/v1/wat/sessionToken', { body: { webAccessToken } });

/** Sends a request six times, to reach each of the three workers. Returns the distinct statuses. */
async function statusesOfAllWorkers(work: () => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await work()).status);
  return [...new Set(statuses)];
}

describe('gateway workers', () => {
  it('run in the configured number and share one journal, so that every session is counted once', async () => {
    expect(childrenOf(instance().app.child.pid)).toHaveLength(3);
    const token = await mint(configuration, { sub: 'alice', trc: ['shared-tag'] });
    const answers = await Promise.all(Array.from({ length: 60 }, () => exchange(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
    expect(new Set(answers.map(({ body }) => body['sessionId'])).size).toBe(60);
    await instance().settled();
    const { body } = await instance().get('/api/v1/usage/tags/shared-tag');
    expect(body['total']).toBe(60);
  });

  it('apply a configuration change in every worker before the change request returns', async () => {
    for (let round = 0; round < 5; round += 1) {
      const created = await createConfiguration(instance().url, `Round ${round}`);
      const token = await mint(created, { sub: 'alice' });
      const change = (body: object) => instance().call('PATCH', `${configurations}/${created.id}`, { body });
      expect(await statusesOfAllWorkers(() => exchange(token))).toEqual([200]);
      await change({ enabled: false });
      expect(await statusesOfAllWorkers(() => exchange(token))).toEqual([401]);
      await change({ enabled: true });
      expect(await statusesOfAllWorkers(() => exchange(token))).toEqual([200]);
      await instance().call('DELETE', `${configurations}/${created.id}`);
      expect(await statusesOfAllWorkers(() => exchange(token))).toEqual([401]);
    }
  });

  it('apply a revocation in every worker, and end the revoked sessions, before the revocation request returns', async () => {
    const token = await mint(configuration, { sub: 'bob' });
    const { body } = await exchange(token);
    const headers = headersOf({ body } as never);
    const authorize = () => sendRequest(instance().url, 'GET', sessionPath, { headers });
    expect(await statusesOfAllWorkers(authorize)).toEqual([204]);
    const revoke = (more: object) =>
      instance().call('POST', '/api/v1/auth/token/revoke', { body: { token, ...more } });
    expect((await revoke({})).status).toBeLessThan(300);
    expect(await statusesOfAllWorkers(() => exchange(token))).toEqual([401]);
    expect(await statusesOfAllWorkers(authorize)).toEqual([204]);
    expect((await revoke({ endSessions: true })).status).toBeLessThan(300);
    expect(await statusesOfAllWorkers(authorize)).toEqual([401]);
  });

  it('accept sessions that another worker started', async () => {
    const { body } = await exchange(await mint(configuration, { sub: 'carol' }));
    const headers = headersOf({ body } as never);
    const claims = () => sendRequest(instance().url, 'GET', `${sessionPath}/claims`, { headers });
    expect(await statusesOfAllWorkers(claims)).toEqual([200]);
  });

  it('add their outcomes and refusals to common sums', async () => {
    const countAccepted = async () => {
      const { text } = await instance().get('/metrics');
      return Number(/^watmeter_exchanges_total\{outcome="accepted"\} (\d+)/m.exec(text)?.[1]);
    };
    // Workers send their counts after they respond, so the test first waits until all earlier sessions are counted.
    await instance().settled();
    const before = Number((await instance().get('/api/v1/usage/summary')).body['total']);
    await expect.poll(countAccepted, { timeout: 2000 }).toBe(before);
    const token = await mint(configuration, { sub: 'dave' });
    for (let attempt = 0; attempt < 10; attempt += 1) await exchange(token);
    await expect.poll(countAccepted, { timeout: 2000 }).toBe(before + 10);
    const late = await mint(configuration, { sub: 'dave', exp: 1 });
    expect(await statusesOfAllWorkers(() => exchange(late))).toEqual([401]);
    await expect
      .poll(async () => (await instance().get('/api/v1/refusals')).body['items'], { timeout: 3000 })
      .toContainEqual(expect.objectContaining({ configurationId: configuration.id, refusals: 6 }));
  });

  it('respond to requests for workers and for the main process on one connection, in request order', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const token = await mint(configuration, { sub: 'erin' });
    const paths = ['/health/live', '/api/v1/wat/sessionToken', '/api/v1/openapi.json', '/nowhere'];
    const statuses = await Promise.all(
      [...paths, ...paths].map(
        (path) =>
          new Promise((resolve, reject) => {
            const isExchange = path.endsWith('sessionToken');
            const headers = isExchange ? { 'content-type': 'application/json' } : {};
            const method = isExchange ? 'POST' : 'GET';
            const outgoing = request(`${instance().url}${path}`, { agent, method, headers });
            outgoing.on('error', reject).on('response', (response) => {
              response.resume().on('end', () => resolve(response.statusCode));
            });
            outgoing.end(isExchange ? JSON.stringify({ webAccessToken: token }) : undefined);
          }),
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 404, 200, 200, 200, 404]);
  });

  it('do not start if another process uses the port, and the main process reports EADDRINUSE', async () => {
    const port = Number(new URL(instance().url).port);
    const dataDir = temporaryDirectory('port-taken');
    // A first start checks the port before it starts workers.
    mkdirSync(join(dataDir, 'journal'));
    const app = await startAppProcess({
      dataDir,
      port,
      env: { GATEWAY_WORKERS: '2' },
      wait: false,
    });
    await new Promise((resolve) => app.child.once('exit', resolve));
    expect(app.child.exitCode).toBe(1);
    expect(app.output()).toContain('EADDRINUSE');
    expect(app.output()).toContain('Set PORT to another port');
    expect(childrenOf(app.child.pid)).toEqual([]);
  });

  // The test reads the listening ports from /proc.
  it.skipIf(!isLinux)('have a main process whose internal port accepts only their requests', async () => {
    const { pid } = instance().app.child;
    const ports = listeningPorts(pid).filter((port) => port !== Number(new URL(instance().url).port));
    expect(ports).toHaveLength(1);
    const internalUrl = `http://127.0.0.1:${ports[0]}`;
    for (const headers of [{}, { 'x-watmeter-peer': 'x 127.0.0.1' }])
      await expect(sendRequest(internalUrl, 'GET', '/health/live', { headers })).rejects.toThrow();
    // A request header does not change the client's address: only local clients can read metrics.
    const { status } = await sendRequest(instance().url, 'GET', '/metrics', {
      headers: { 'x-watmeter-peer': 'x 192.0.2.1' },
    });
    expect(status).toBe(200);
  });
});
