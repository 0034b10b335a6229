import { beforeEach, expect, it, vi } from 'vitest';
import { viewerFailpoints } from '../../../consumers/declarations/failpoints.ts';
import { createViewerStore } from '../../../consumers/store/viewers/viewer-store.ts';
import { storedViewer } from '../../../src/events/stored-viewer.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { createStartRun } from '../../../src/usage/maintenance-runs.ts';
import { createForgetRequests } from '../../../src/usage/viewers/forget-requests.ts';
import { createReplacementJob, type ReplacementJobDeps } from '../../../src/usage/viewers/replacement-job.ts';
import { goneByMs, stateOf } from '../../../src/usage/viewers/trace-times.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { createManualClock, openTemporaryControl } from '../../unit/tokens/support/control.ts';
import { nowMs, useEventTable } from './event-table.ts';

// The default time limit is too short, because each test runs many statements.
vi.setConfig({ testTimeout: 60_000 });

const table = useEventTable();
const [forgotten, random] = ['0f'.repeat(16), 'a1'.repeat(16)];
const [hourMs, dayMs] = [3_600_000, 86_400_000];
const times = { keepMs: dayMs, intervalMs: hourMs };

beforeEach(async () => {
  for (const name of ['session_events', 'forgotten_viewers'])
    await table.client.command({ query: `TRUNCATE TABLE ${name}` });
});

/** Stores a request with the time `nowMs`, and a session before it. `createJob` creates the job of one process. */
async function start(deps: Partial<ReplacementJobDeps> = {}) {
  const clock = createManualClock(nowMs);
  const { store: control, sealer } = await openTemporaryControl(clock);
  const requests = createForgetRequests(control, sealer);
  const startRun = createStartRun(control);
  const request = { id: 'request-1', organisationId: 'default', requestedAtMs: nowMs };
  await requests.add(control, { ...request, viewer: forgotten, replacement: random });
  await insert(1);
  const logger = createLogger({ logLevel: 'silent' });
  const createJob = (failpoint: (name: string) => void = () => {}) =>
    createReplacementJob(times, {
      requests,
      startRun,
      store: createViewerStore({ client: table.client, failpoint, cluster: undefined }),
      ...{ failpoint, clock, logger, completeThroughMs: clock.nowMs, oldestEventMs: () => undefined },
      ...deps,
    });
  const only = async () => {
    const [first] = await requests.list('default', 10, undefined);
    if (first === undefined) throw new Error('no request');
    return first;
  };
  return { clock, startRun, createJob, only, state: async () => stateOf(await only()) };
}

const insert = (sequence: number) =>
  table.store.insert(
    table.store.encode([sessionEvent({ viewer: forgotten, timeMs: nowMs - 1000, sequence })]),
  );

const viewers = async () =>
  (await table.rows<{ name: string }>(`SELECT DISTINCT ${storedViewer} AS name FROM session_events`)).map(
    ({ name }) => name,
  );

it('the replacement job replaces stored pseudonyms, and erases the replacement after `keepMs`', async () => {
  const { clock, createJob, only, state } = await start();
  const job = createJob();
  await job.run();
  expect([await state(), await viewers(), job.active()]).toEqual(['waiting', [forgotten], 1]);
  clock.ms += 6000;
  await job.run();
  expect([await state(), await viewers()]).toEqual(['replaced', [random]]);
  clock.ms += dayMs - 1000;
  await job.run();
  expect(await state()).toBe('replaced');
  clock.ms += 1000;
  await job.run();
  expect([await state(), job.active(), job.overdue()]).toEqual(['gone', 0, 0]);
  expect(await table.text('SELECT count() FROM forgotten_viewers')).toBe('0\n');
  expect(goneByMs(await only(), times)).toBeGreaterThan(clock.ms);
});

it('the replacement job runs at most once an hour, and later replaces pseudonyms in sessions that were stored after a run', async () => {
  const { clock, createJob, startRun, only } = await start();
  clock.ms += 6000;
  await createJob().run();
  await insert(2);
  expect(await startRun('forgotten viewers', clock.ms, hourMs)).toBe(false);
  clock.ms += dayMs;
  await createJob().run();
  expect(await viewers()).toEqual([random]);
  expect(await only()).toMatchObject({ replacedAtMs: clock.ms, goneAtMs: undefined });
});

it('a request is not `replaced` before its sessions are stored, and not `gone` while the journal contains them', async () => {
  let throughMs = nowMs;
  let oldestEventMs: number | undefined = nowMs;
  const deps = { completeThroughMs: () => throughMs, oldestEventMs: () => oldestEventMs };
  const { clock, createJob, state } = await start(deps);
  const job = createJob();
  clock.ms += 2 * hourMs;
  await job.run();
  expect([await state(), await viewers()]).toEqual(['waiting', [random]]);
  throughMs = clock.ms;
  clock.ms += hourMs;
  await job.run();
  expect(await state()).toBe('replaced');
  clock.ms += 2 * dayMs;
  await job.run();
  expect([await state(), job.overdue()]).toEqual(['replaced', 1]);
  oldestEventMs = clock.ms;
  await job.run();
  expect(await state()).toBe('gone');
});

it.each(viewerFailpoints)('the job completes in another process after a crash at %s', async (point) => {
  const { clock, createJob, state } = await start();
  const crash = vi.fn((name: string) => {
    if (name === point) throw new Error('planned crash');
  });
  for (const step of [6000, dayMs, dayMs]) {
    clock.ms += step;
    await createJob(crash)
      .run()
      .catch((error) => expect(String(error)).toContain('planned crash'));
  }
  expect(crash).toHaveBeenCalledWith(point);
  for (const step of [hourMs, dayMs, dayMs]) {
    clock.ms += step;
    await createJob().run();
  }
  expect([await state(), await viewers()]).toEqual(['gone', [random]]);
  expect(await table.text('SELECT count() FROM forgotten_viewers')).toBe('0\n');
});
