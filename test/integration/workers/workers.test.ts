import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call, createConfiguration, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, freePort, startAppProcess } from '../../support/app-process.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { useInstance } from '../http/support/instance.ts';
import { headersOf, sessionPath } from '../http/support/session-api.ts';

const instance = useInstance({ GATEWAY_WORKERS: '3' });
const configurations = '/api/v1/web-access-tokens/configurations';

let configuration: TestConfiguration;
beforeAll(async () => {
  configuration = await instance().configuration();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** On a connection of its own: each goes to the next worker. */
function ask(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const asked = request(`${url}${path}`, { method, agent: false, headers: { ...type, ...headers } });
    asked.setTimeout(5000, () => asked.destroy(new Error('no answer')));
    asked.on('error', reject).on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const isJson = /json/.test(response.headers['content-type'] ?? '');
      resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : {} });
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const exchange = (webAccessToken: string, url = instance().url) =>
  ask(url, 'POST', '/api/v1/wat/sessionToken', { body: { webAccessToken } });

/** What several in a row get, so that every worker has answered. */
async function inAllWorkers(work: () => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < 6; turn += 1) statuses.push((await work()).status);
  return [...new Set(statuses)];
}

const isLinux = process.platform === 'linux';

/** The processes that a process has started. */
function childrenOf(pid: number | undefined): number[] {
  if (!isLinux) {
    const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return stdout.split('\n').filter(Boolean).map(Number);
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(parent) === pid && state !== 'Z';
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function startWith(env: Record<string, string>, dataDir: string, port?: number): Promise<AppProcess> {
  const app = await startAppProcess({ dataDir, env, ...(port !== undefined && { port }) });
  onTestFinished(async () => {
    await app.stop('SIGKILL');
  });
  return app;
}

describe('gateway workers', () => {
  it('are as many as the setting says, and share one journal: every session is counted once', async () => {
    expect(childrenOf(instance().app.child.pid)).toHaveLength(3);
    const token = await mint(configuration, { sub: 'alice', trc: ['shared'] });
    const answers = await Promise.all(Array.from({ length: 60 }, () => exchange(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
    expect(new Set(answers.map(({ body }) => body['sessionId'])).size).toBe(60);
    await instance().settled();
    const { body } = await instance().get('/api/v1/usage/tags/shared');
    expect(body['total']).toBe(60);
  });

  it('know of a change before it is answered, each of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const made = await createConfiguration(instance().url, `Round ${round}`);
      const token = await mint(made, { sub: 'alice' });
      const change = (body: object) => instance().call('PATCH', `${configurations}/${made.id}`, { body });
      expect(await inAllWorkers(() => exchange(token))).toEqual([200]);
      await change({ enabled: false });
      expect(await inAllWorkers(() => exchange(token))).toEqual([401]);
      await change({ enabled: true });
      expect(await inAllWorkers(() => exchange(token))).toEqual([200]);
      await instance().call('DELETE', `${configurations}/${made.id}`);
      expect(await inAllWorkers(() => exchange(token))).toEqual([401]);
    }
  });

  it('know of a revocation, and of sessions that it has ended, before it is answered', async () => {
    const token = await mint(configuration, { sub: 'bob' });
    const { body } = await exchange(token);
    const headers = headersOf({ body } as never);
    const authorize = () => ask(instance().url, 'GET', sessionPath, { headers });
    expect(await inAllWorkers(authorize)).toEqual([204]);
    const revoke = (more: object) =>
      instance().call('POST', '/api/v1/auth/token/revoke', { body: { token, ...more } });
    expect((await revoke({})).status).toBeLessThan(300);
    expect(await inAllWorkers(() => exchange(token))).toEqual([401]);
    expect(await inAllWorkers(authorize)).toEqual([204]);
    expect((await revoke({ endSessions: true })).status).toBeLessThan(300);
    expect(await inAllWorkers(authorize)).toEqual([401]);
  });

  it('open each other’s sessions', async () => {
    const { body } = await exchange(await mint(configuration, { sub: 'carol' }));
    const headers = headersOf({ body } as never);
    const claims = () => ask(instance().url, 'GET', `${sessionPath}/claims`, { headers });
    expect(await inAllWorkers(claims)).toEqual([200]);
  });

  it('count outcomes and refusals together', async () => {
    const counted = async () => {
      const { text } = await instance().get('/metrics');
      return Number(/^watmeter_exchanges_total\{outcome="accepted"\} (\d+)/m.exec(text)?.[1]);
    };
    // What was counted before has arrived.
    await sleep(200);
    const before = await counted();
    const token = await mint(configuration, { sub: 'dave' });
    for (let turn = 0; turn < 10; turn += 1) await exchange(token);
    await expect.poll(counted, { timeout: 2000 }).toBe(before + 10);
    const late = await mint(configuration, { sub: 'dave', exp: 1 });
    expect(await inAllWorkers(() => exchange(late))).toEqual([401]);
    await expect
      .poll(async () => (await instance().get('/api/v1/refusals')).body['items'], { timeout: 3000 })
      .toContainEqual(expect.objectContaining({ configurationId: configuration.id, refusals: 6 }));
  });

  it('answer on one connection what is theirs and what is not, in its order', async () => {
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
            const asked = request(`${instance().url}${path}`, { agent, method, headers });
            asked.on('error', reject).on('response', (response) => {
              response.resume().on('end', () => resolve(response.statusCode));
            });
            asked.end(isExchange ? JSON.stringify({ webAccessToken: token }) : undefined);
          }),
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 404, 200, 200, 200, 404]);
  });
});

describe('the process behind gateway workers', () => {
  it('replaces one that has ended; the others go on', async () => {
    const app = await startWith({ GATEWAY_WORKERS: '2' }, temporaryDirectory('worker-killed'));
    const made = await createConfiguration(app.url);
    const token = await mint(made, { sub: 'alice' });
    const [first = 0, ...rest] = childrenOf(app.child.pid);
    process.kill(first, 'SIGKILL');
    // A connection that the killed one was given, or was just about to be, gets no answer; the others do.
    const statuses: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
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
    expect(childrenOf(app.child.pid)).toEqual(expect.arrayContaining(rest));
    await expect.poll(app.output, { timeout: 2000 }).toContain('another one takes its place');
    const health = await call(app.url, 'GET', '/health/ready');
    expect(health.status).toBe(200);
  });

  it('tries again where a new one cannot start, and says why', async () => {
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

  it('takes them along, whatever ends it; its port is free at once', async () => {
    const dataDir = temporaryDirectory('main-killed');
    const port = await freePort();
    const app = await startWith({ GATEWAY_WORKERS: '2' }, dataDir, port);
    const workers = childrenOf(app.child.pid);
    expect(workers).toHaveLength(2);
    await app.stop('SIGKILL');
    const isThere = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => workers.filter(isThere), { timeout: 2000 }).toEqual([]);
    const again = await startWith({ GATEWAY_WORKERS: '2' }, dataDir, port);
    expect((await call(again.url, 'GET', '/health/live')).status).toBe(200);
  });

  it('counts whatever was answered while it stopped', async () => {
    const dataDir = temporaryDirectory('stopped');
    const app = await startWith({ GATEWAY_WORKERS: '2' }, dataDir);
    const made = await createConfiguration(app.url);
    const token = await mint(made, { sub: 'alice' });
    let answered = 0;
    let isOver = false;
    const clients = Array.from({ length: 16 }, async () => {
      while (!isOver) {
        const answer = await exchange(token, app.url).catch(() => undefined);
        if (answer?.status === 200) answered += 1;
        if (answer === undefined) await sleep(5);
      }
    });
    await sleep(500);
    const { code } = await app.stop('SIGTERM');
    isOver = true;
    await Promise.all(clients);
    expect(code).toBe(0);
    expect(childrenOf(app.child.pid)).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    const again = await startWith({ GATEWAY_WORKERS: '0' }, dataDir);
    expect(childrenOf(again.child.pid)).toEqual([]);
    const total = async () => (await call(again.url, 'GET', '/api/v1/usage/summary')).body['total'];
    await expect.poll(total, { timeout: 5000 }).toBe(answered);
  });

  it('does not start where another process has the port, and says so', async () => {
    const port = Number(new URL(instance().url).port);
    const app = await startAppProcess({
      dataDir: temporaryDirectory('port-taken'),
      port,
      env: { GATEWAY_WORKERS: '2' },
      wait: false,
    });
    await new Promise((resolve) => app.child.once('exit', resolve));
    expect(app.child.exitCode).toBe(1);
    expect(app.output()).toContain('EADDRINUSE');
    expect(childrenOf(app.child.pid)).toEqual([]);
  });

  // What a process listens on is read from /proc.
  it.skipIf(!isLinux)('answers nobody but its workers', async () => {
    const { pid } = instance().app.child;
    const ports = listeningPorts(pid).filter((port) => port !== Number(new URL(instance().url).port));
    expect(ports).toHaveLength(1);
    const behind = `http://127.0.0.1:${ports[0]}`;
    for (const headers of [{}, { 'x-watmeter-peer': 'x 127.0.0.1' }])
      await expect(ask(behind, 'GET', '/health/live', { headers })).rejects.toThrow();
    // Nor does a header of the client's make it another address: metrics are for this machine.
    const { status } = await ask(instance().url, 'GET', '/metrics', {
      headers: { 'x-watmeter-peer': 'x 192.0.2.1' },
    });
    expect(status).toBe(200);
  });
});

/** Ports of the loopback that a process listens on (proc(5), /proc/net/tcp). */
function listeningPorts(pid: number | undefined): number[] {
  const inodes = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readLinkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

function readLinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
