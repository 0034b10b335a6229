import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, createConfiguration, mint } from '../../support/api.ts';
import { type AppProcess, freePort, startAppProcess } from '../../support/app-process.ts';
import { childrenOf, isProcessRunning } from '../../support/processes.ts';
import { sendRequest } from '../../support/send-request.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const exchange = (webAccessToken: string, url: string) =>
  sendRequest(url, 'POST', '/api/v1/wat/sessionToken', { body: { webAccessToken } });

async function startWith(env: Record<string, string>, dataDir: string, port?: number): Promise<AppProcess> {
  const app = await startAppProcess({ dataDir, env, ...(port !== undefined && { port }) });
  onTestFinished(async () => {
    await app.stop('SIGKILL');
  });
  return app;
}

describe('the main process of gateway workers', () => {
  it('replaces a worker that has exited, while the other workers keep running', async () => {
    const app = await startWith({ GATEWAY_WORKERS: '2' }, temporaryDirectory('worker-killed'));
    const token = await mint(await createConfiguration(app.url), { sub: 'alice' });
    const [first = 0, ...survivors] = childrenOf(app.child.pid);
    process.kill(first, 'SIGKILL');
    // Connections that the killed worker has, or is about to receive, get no response. All other connections get one.
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      statuses.push(
        await exchange(token, app.url).then(
          ({ status }) => status,
          () => 0,
        ),
      );
      await sleep(20);
    }
    expect(statuses.filter((status) => status !== 200).length).toBeLessThanOrEqual(2);
    await expect.poll(() => childrenOf(app.child.pid).length, { timeout: 5000 }).toBe(2);
    expect(childrenOf(app.child.pid)).toEqual(expect.arrayContaining(survivors));
    await expect.poll(app.output, { timeout: 2000 }).toContain('a new worker replaces it');
    const health = await call(app.url, 'GET', '/health/ready');
    expect(health.status).toBe(200);
  });

  it('retries when a worker cannot start, and reports the reason', async () => {
    const dataDir = temporaryDirectory('worker-cannot-start');
    const app = await startWith({ GATEWAY_WORKERS: '2' }, dataDir);
    const keyFile = join(dataDir, 'master-key');
    const key = readFileSync(keyFile);
    writeFileSync(keyFile, 'another-master-key-of-more-than-32-characters');
    const [first = 0] = childrenOf(app.child.pid);
    process.kill(first, 'SIGKILL');
    await expect.poll(app.output, { timeout: 8000 }).toMatch(/MASTER_KEY|master key/);
    expect((await call(app.url, 'GET', '/health/ready')).status).toBe(200);
    writeFileSync(keyFile, key);
    const workers = async () => {
      const { text } = await call(app.url, 'GET', '/metrics');
      return /^watmeter_gateway_workers (\d)/m.exec(text)?.[1];
    };
    await expect.poll(workers, { timeout: 8000 }).toBe('2');
    expect((await app.stop()).code).toBe(0);
  });

  it('ends its workers even if the main process is killed, and the port is free immediately', async () => {
    const dataDir = temporaryDirectory('main-killed');
    const port = await freePort();
    const app = await startWith({ GATEWAY_WORKERS: '2' }, dataDir, port);
    const workers = childrenOf(app.child.pid);
    expect(workers).toHaveLength(2);
    await app.stop('SIGKILL');
    await expect.poll(() => workers.filter(isProcessRunning), { timeout: 2000 }).toEqual([]);
    const restarted = await startWith({ GATEWAY_WORKERS: '2' }, dataDir, port);
    expect((await call(restarted.url, 'GET', '/health/live')).status).toBe(200);
  });

  it('counts every session that was created during its shutdown', async () => {
    const dataDir = temporaryDirectory('stopped');
    const app = await startWith({ GATEWAY_WORKERS: '2' }, dataDir);
    const token = await mint(await createConfiguration(app.url), { sub: 'alice' });
    let answered = 0;
    let isOver = false;
    const clients = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        const answer = await exchange(token, app.url).catch(() => undefined);
        if (answer?.status === 200) answered += 1;
        if (answer === undefined) await sleep(5);
      }
    });
    await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(50);
    const { code } = await app.stop('SIGTERM');
    isOver = true;
    await Promise.all(clients);
    expect(code).toBe(0);
    expect(childrenOf(app.child.pid)).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    const restarted = await startWith({ GATEWAY_WORKERS: '0' }, dataDir);
    expect(childrenOf(restarted.child.pid)).toEqual([]);
    const total = async () => (await call(restarted.url, 'GET', '/api/v1/usage/summary')).body['total'];
    await expect.poll(total, { timeout: 5000 }).toBe(answered);
  });
});
