import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataPaths } from '../../src/app/data-paths.ts';
import { call } from '../support/api.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { type Instance, readReadiness, sleep, until } from '../support/faults/instance.ts';
import { type MemoryDisk, mountMemoryDisk } from '../support/faults/memory-disk.ts';
import { describeFaultInjection } from '../support/faults/privileges.ts';
import { injectAt } from '../support/faults/strace.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

const stepTimeoutMs = 60_000;

describeFaultInjection('watmeter on a disk that fills up', ['mount'], () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  async function withDisk(directory: string, body: (disk: MemoryDisk) => Promise<void>): Promise<void> {
    const disk = mountMemoryDisk(directory);
    try {
      await body(disk);
    } finally {
      disk.remove();
    }
  }

  it('returns 503 while the journal has no space, and stores every acknowledged session', () =>
    withFaultCase(template, 'full-journal', ({ instance, exchangeLog, client, answerMore, finish }) =>
      withDisk(dataPaths(instance.dataDir).journal, async (disk) => {
        await instance.start();
        await answerMore(300);
        disk.fill();
        await client.run(() => exchangeLog.refused.length >= 200 || exchangeLog.answered.size >= 20_000);
        const full = await readReadiness(instance.url);
        expect(full.status).toBe(503);
        expect(full.troubles['journal']).toEqual(expect.any(String));
        expect((await call(instance.url, 'GET', '/api/v1/usage/summary')).status).toBe(200);
        const answeredBefore = exchangeLog.answered.size;
        disk.empty();
        await answerMore(300);
        expect(exchangeLog.answered.size).toBeGreaterThanOrEqual(answeredBefore + 300);
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        expect(exchangeLog.refused.length).toBeGreaterThanOrEqual(200);
        expect(new Set(exchangeLog.refused.map(({ status }) => status))).toEqual(new Set([503]));
        // lmdb-js does not survive a failed write (src/journal/log/store/lmdb-record-log.ts), so the journal must reject
        // the append before it writes.
        expect(instance.output()).not.toContain('Write error');
        expect(exchangeLog.refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
        await expectExact(finish, 'full journal');
      }),
    ));

  it('keeps accepting sessions while the event table has no space, and counts all of them once there is space again', () =>
    withFaultCase(template, 'full-table', ({ instance, exchangeLog, answerMore, finish }) =>
      withDisk(dataPaths(instance.dataDir).clickHouse, async (disk) => {
        await instance.start();
        await answerMore(300);
        disk.fill();
        await answerMore(2000);
        await until(
          'the sink reports the failure',
          async () => !(await isReady(instance.url)),
          stepTimeoutMs,
        );
        const { troubles } = await readReadiness(instance.url);
        expect(troubles).toEqual({
          ...{ journal: null, clock: null, 'control store': null, 'event table': null },
          sink: expect.stringMatching(/storing fails/),
        });
        expect([200, 503]).toContain((await call(instance.url, 'GET', '/api/v1/usage/summary')).status);
        await answerMore(1000);
        disk.empty();
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        await answerMore(100);
        expect(exchangeLog.refused).toEqual([]);
        await expectExact(finish, 'full table');
      }),
    ));

  it('stores every acknowledged session while the data directory runs out of space in small steps', () =>
    withFaultCase(template, 'full-again-and-again', ({ instance, exchangeLog, client, finish }) =>
      withDisk(instance.dataDir, async (disk) => {
        await instance.start({ env: { SINK_LINGER: '10ms' } });
        let shouldStop = false;
        const load = client.run(() => shouldStop);
        for (let round = 0; round < 6; round += 1) {
          // Leaves more than the 1 MiB that ClickHouse reserves for an insert, so that the write itself runs out of
          // space.
          disk.fill(1_200_000 + 100_000 * round);
          await sleep(400);
        }
        disk.empty();
        shouldStop = true;
        await load;
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        expect(new Set(exchangeLog.refused.map(({ status }) => status)).size).toBeLessThanOrEqual(1);
        await expectExact(finish, 'full again and again');
      }),
    ));
});

describeFaultInjection('watmeter on a failing journal disk', ['strace'], () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  const syncs = ['fdatasync', 'fsync', 'msync'];
  const writes = ['pwrite64', 'pwritev', 'write', 'writev'];

  it.each(['5', '5..9'])('returns 503 on EIO at sync call %s, and recovers', (when) =>
    withFaultCase(template, `journal-sync-${when}`, async ({ instance, exchangeLog, answerMore, finish }) => {
      await instance.start({ prefix: injectAt(syncs, journalFile(instance), eio, when) });
      await answerMore(600);
      expect(new Set(exchangeLog.refused.map(({ status }) => status))).toEqual(new Set([503]));
      await expectExact(finish, `EIO at sync ${when}, refused ${exchangeLog.refused.length}`);
    }),
  );

  // lmdb-js overwrites its own memory when a write fails (src/journal/log/store/lmdb-record-log.ts). The process may
  // continue, exit, or freeze until a probe of /health/live kills it. No acknowledged session is lost in any of
  // these cases.
  it.each(['7', '12..14'])('has exact counts after EIO at write call %s and a restart', (when) =>
    withFaultCase(template, `journal-write-${when}`, async ({ instance, exchangeLog, client, finish }) => {
      await instance.start({ prefix: injectAt(writes, journalFile(instance), eio, when) });
      let goal = Number.POSITIVE_INFINITY;
      const load = client.run(() => exchangeLog.answered.size >= goal);
      await sleep(2500);
      await instance.kill();
      await instance.start();
      goal = exchangeLog.answered.size + 200;
      await load;
      await expectExact(finish, `EIO at write ${when}, refused ${exchangeLog.refused.length}`);
    }),
  );
});

const eio = { kind: 'error', error: 'EIO' } as const;

function journalFile({ dataDir }: Instance): string {
  return `${dataPaths(dataDir).journal}/data.mdb`;
}

async function expectExact(
  finish: (options: { refusedMayBeStored: boolean }) => Promise<{
    violations: string[];
    audit: { figures: object };
  }>,
  name: string,
): Promise<void> {
  const { violations, audit } = await finish({ refusedMayBeStored: true });
  console.log(name, audit.figures);
  expect(violations).toEqual([]);
}

async function isReady(url: string): Promise<boolean> {
  return (await readReadiness(url)).status === 200;
}
