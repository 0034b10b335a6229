import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { dataPaths } from '../../../src/app/data-paths.ts';
import { createJournalView } from '../../../src/journal/log/entries.ts';
import { openRecordLogToRead } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { type AppProcess, adminToken, startAppProcess } from '../../support/app-process.ts';
import { runCommand } from '../../support/command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { itemsOf } from './support/access-api.ts';
import { type Answer, addApiToken, useInstance } from './support/instance.ts';
import { claimsPath, headersOf } from './support/session-api.ts';

const path = '/api/v1/usage/viewers/forget';
const subject = 'alice-to-be-forgotten';
const limit = { timeout: 60_000, interval: 100 };

/** Starts a process, and stops it after the test even if the test fails. */
async function start(options: Parameters<typeof startAppProcess>[0]): Promise<AppProcess> {
  const app = await startAppProcess(options);
  onTestFinished(async () => void (await app.stop('SIGKILL')));
  return app;
}

async function visit(url: string, configuration: TestConfiguration, sub: string): Promise<void> {
  const { status, text } = await exchange(url, await mint(configuration, { sub, trc: ['news'] }));
  expect([status, text.slice(0, 1)]).toEqual([200, '{']);
}

/** Waits until the newest request to forget a viewer has the state, and returns the request. */
async function requestWith(url: string, state: string): Promise<Record<string, unknown>> {
  return vi.waitFor(async () => {
    const [request] = itemsOf(await call(url, 'GET', path));
    expect(request).toMatchObject({ state });
    return request as Record<string, unknown>;
  }, limit);
}

/** Returns the viewer of each session, newest first, after `count` sessions are stored. */
async function viewersOf(url: string, count: number): Promise<unknown[]> {
  return vi.waitFor(async () => {
    const sessions = itemsOf(await call(url, 'GET', '/api/v1/usage/sessions'));
    expect(sessions).toHaveLength(count);
    return sessions.map(({ viewer }) => viewer);
  }, limit);
}

const counted = async (url: string) =>
  (await call(url, 'GET', '/api/v1/usage/summary?measures=sessions,uniqueViewers')).body;

it('forgetting a viewer leaves no trace in any store and keeps the counts, even after a crash', async () => {
  const dataDir = temporaryDirectory('forget');
  const env = { SINK_LINGER: '20ms', JOURNAL_KEEP: '0s', FORGET_INTERVAL: '0s' };
  const first = await start({ dataDir, env: { ...env, DANGEROUS_FAILPOINT: 'forget.sessions' } });
  const configuration = await createConfiguration(first.url);
  for (const sub of [subject, 'bob', subject]) await visit(first.url, configuration, sub);
  const [pseudonym] = await viewersOf(first.url, 3);
  const before = await counted(first.url);
  expect(before).toMatchObject({ total: 3, uniqueViewers: 2 });
  const items = [{ id: subject }, { id: 'bob' }];
  await call(first.url, 'POST', '/api/v1/directory/subjects', { body: { items } });
  await call(first.url, 'POST', '/api/v1/auth/token/revoke', {
    body: { configurationId: configuration.id, sub: subject },
  });
  await call(first.url, 'DELETE', `/api/v1/directory/subjects/${subject}`);
  await call(first.url, 'POST', '/api/v1/directory/subjects', { body: { items } });

  const command = ['viewers', 'forget', '-', '--url', first.url];
  const forgotten = await runCommand(
    dataDir,
    command,
    { ADMIN_TOKEN: adminToken },
    { stdin: `${subject}\n` },
  );
  expect(forgotten).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Deleted: 1 directory entries'),
  });
  expect(forgotten.stdout).toContain('1 revocations, 0 stored claims');
  await vi.waitFor(() => expect(first.child.signalCode).toBe('SIGKILL'), limit);

  const second = await start({ dataDir, env });
  const gone = await requestWith(second.url, 'gone');
  expect(Date.parse(String(gone['goneBy']))).toBeGreaterThan(Date.now());
  const viewers = await viewersOf(second.url, 3);
  expect(viewers[0]).toBe(viewers[2]);
  expect(viewers).not.toContain(pseudonym);
  expect(await counted(second.url)).toMatchObject({
    total: 3,
    uniqueViewers: 2,
    lastUsed: before['lastUsed'],
  });
  const log = await call(second.url, 'GET', '/api/v1/audit?limit=500');
  expect(log.text).toContain('viewer.forget');
  expect(log.text).not.toContain(subject);
  // The viewer returns, and counts as a new viewer.
  await visit(second.url, configuration, subject);
  const [returned, ...earlier] = await viewersOf(second.url, 4);
  expect(earlier).not.toContain(returned);
  expect(await counted(second.url)).toMatchObject({ total: 4, uniqueViewers: 3 });
  await second.stop();

  expect(await runCommand(dataDir, ['verify'])).toMatchObject({ code: 0 });
  const journal = openRecordLogToRead(dataPaths(dataDir).journal);
  // The journal may contain only the session after the request, at position 4.
  const positions = createJournalView(journal)
    .read(0, 100)
    .map(({ position }) => position);
  expect(positions.filter((position) => position <= 3)).toEqual([]);
  await journal.close();
  const directory = dirname(dataPaths(dataDir).controlStore);
  expect(readdirSync(directory)).toContain('control.sqlite');
  for (const name of readdirSync(directory)) {
    const bytes = readFileSync(join(directory, name));
    for (const trace of [subject, String(pseudonym)])
      expect([name, bytes.includes(trace)]).toEqual([name, false]);
  }
}, 120_000);

const app = useInstance();

it('only administrators can forget viewers, and only in an organisation that they can access', async () => {
  const { url } = app();
  const reader = await addApiToken(app(), { scopes: ['usage:read'] });
  for (const method of ['POST', 'GET']) {
    const options = { headers: reader.headers, ...(method === 'POST' && { body: { subject: 'eve' } }) };
    expect(await call(url, method, path, options)).toMatchObject({ status: 403 });
  }
  const { headers } = await addApiToken(app(), { scopes: ['admin'] });
  const body = { subject: 'eve', organisationId: 'contoso' };
  for (const options of [{ headers, body }, { body }])
    expect(await call(url, 'POST', path, options)).toMatchObject({
      status: 404,
      body: { code: 'organisation_not_found' },
    });
  expect(await call(url, 'POST', path, { headers, body: { subject: 'eve' } })).toMatchObject({
    status: 202,
    body: { organisationId: 'default', deleted: { directoryEntries: 0, revocations: 0, storedClaims: 0 } },
  });
});

it('forgetting a viewer deletes the stored claims of open sessions', async () => {
  const { url } = app();
  const configuration = await app().configuration();
  const res = Array.from({ length: 400 }, (_, index) => `dashboards/${'long-name-'.repeat(4)}${index}`);
  const { body } = await app().session(configuration, { sub: 'dora-with-claims', grants: { res } });
  const headers = headersOf({ body } as Answer);
  expect((await call(url, 'GET', claimsPath, { headers })).status).toBe(200);
  const forgotten = await call(url, 'POST', path, { body: { subject: 'dora-with-claims' } });
  expect(forgotten.body).toMatchObject({ deleted: { storedClaims: 1 } });
  expect(await app().control.store.selectFrom('session_claims').selectAll().execute()).toEqual([]);
});

it('the command line lists requests to forget viewers without the viewers, and shows the retention', async () => {
  const { url } = app();
  const run = (...args: string[]) =>
    runCommand(temporaryDirectory('commands'), [...args, '--url', url], { ADMIN_TOKEN: adminToken });
  await call(url, 'POST', path, { body: { subject: 'mallory' } });
  const listed = await run('viewers', 'list');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/waiting|replaced|gone/) });
  expect(listed.stdout).not.toContain('mallory');
  expect(await run('viewers', 'forget')).toMatchObject({ code: 2 });
  await app().settled();
  const retention = await run('retention', 'status', '--json');
  expect(JSON.parse(retention.stdout)).toEqual({
    ...{ retentionSeconds: null, retainedFrom: null },
    months: [{ month: expect.stringMatching(/^20\d\d-\d\d$/), state: 'stored', sessions: 1, isDue: false }],
  });
  expect((await run('retention', 'status')).stdout).toContain('EVENT_RETENTION is not set');
}, 60_000);
