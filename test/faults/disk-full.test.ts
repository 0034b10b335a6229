import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataPaths } from '../../src/app/data-paths.ts';
import { call } from '../support/api.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { type Instance, readReadiness, sleep, until } from '../support/faults/instance.ts';
import { type MemoryDisk, mountMemoryDisk } from '../support/faults/memory-disk.ts';
import { describePlanted } from '../support/faults/privileges.ts';
import { plantAt } from '../support/faults/strace.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

const stepTimeoutMs = 60_000;

describePlanted('a disk is full, and has room again', ['mount'], () => {
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

  it('under the journal: 503 and nothing uncounted', () =>
    withFaultCase(template, 'full-journal', ({ instance, books, client, answerMore, finish }) =>
      withDisk(dataPaths(instance.dataDir).journal, async (disk) => {
        await instance.start();
        await answerMore(300);
        disk.fill();
        await client.run(() => books.refused.length >= 200 || books.answered.size >= 20_000);
        const full = await readReadiness(instance.url);
        expect(full.status).toBe(503);
        expect(full.troubles['journal']).toEqual(expect.any(String));
        expect((await call(instance.url, 'GET', '/api/v1/usage/summary')).status).toBe(200);
        const answeredBefore = books.answered.size;
        disk.empty();
        await answerMore(300);
        expect(books.answered.size).toBeGreaterThanOrEqual(answeredBefore + 300);
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        expect(books.refused.length).toBeGreaterThanOrEqual(200);
        expect(new Set(books.refused.map(({ status }) => status))).toEqual(new Set([503]));
        // lmdb-js does not survive a write that fails (src/journal/log/lmdb-record-log.ts): it must not come to one.
        expect(instance.output()).not.toContain('Write error');
        expect(books.refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
        await finishExact(finish, 'full journal');
      }),
    ));

  it('under the table: sessions go on and are counted when there is room', () =>
    withFaultCase(template, 'full-table', ({ instance, books, answerMore, finish }) =>
      withDisk(dataPaths(instance.dataDir).clickHouse, async (disk) => {
        await instance.start();
        await answerMore(300);
        disk.fill();
        await answerMore(2000);
        await until('the sink says what is wrong', async () => !(await isReady(instance.url)), stepTimeoutMs);
        const { troubles } = await readReadiness(instance.url);
        expect(troubles).toEqual({ journal: null, sink: expect.stringMatching(/storing fails/) });
        expect([200, 503]).toContain((await call(instance.url, 'GET', '/api/v1/usage/summary')).status);
        await answerMore(1000);
        disk.empty();
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        await answerMore(100);
        expect(books.refused).toEqual([]);
        await finishExact(finish, 'full table');
      }),
    ));

  it('under both, a little room at a time: whatever is answered is stored', () =>
    withFaultCase(template, 'full-again-and-again', ({ instance, books, client, finish }) =>
      withDisk(instance.dataDir, async (disk) => {
        await instance.start({ env: { SINK_LINGER: '10ms' } });
        let enough = false;
        const load = client.run(() => enough);
        for (let round = 0; round < 6; round += 1) {
          // More than the 1 MiB that ClickHouse reserves for an insert, so that writes themselves hit the end.
          disk.fill(1_200_000 + 100_000 * round);
          await sleep(400);
        }
        disk.empty();
        enough = true;
        await load;
        await until('it is ready again', () => isReady(instance.url), stepTimeoutMs);
        expect(new Set(books.refused.map(({ status }) => status)).size).toBeLessThanOrEqual(1);
        await finishExact(finish, 'full again and again');
      }),
    ));
});

describePlanted('the journal’s disk fails', ['strace'], () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  const syncs = ['fdatasync', 'fsync', 'msync'];
  const writes = ['pwrite64', 'pwritev', 'write', 'writev'];

  it.each(['5', '5..9'])('EIO at its sync, call %s: 503, and it goes on', (when) =>
    withFaultCase(template, `journal-sync-${when}`, async ({ instance, books, answerMore, finish }) => {
      await instance.start({ prefix: plantAt(syncs, journalFile(instance), eio, when) });
      await answerMore(600);
      expect(new Set(books.refused.map(({ status }) => status))).toEqual(new Set([503]));
      await finishExact(finish, `EIO at sync ${when}, refused ${books.refused.length}`);
    }),
  );

  // lmdb-js writes over its own memory when a write fails (src/journal/log/lmdb-record-log.ts): the process may go on, die,
  // or freeze, and then whoever watches /health/live kills it. Whatever it does, nothing is lost.
  it.each(['7', '12..14'])('EIO at its write, call %s: exact after a restart', (when) =>
    withFaultCase(template, `journal-write-${when}`, async ({ instance, books, client, finish }) => {
      await instance.start({ prefix: plantAt(writes, journalFile(instance), eio, when) });
      let goal = Number.POSITIVE_INFINITY;
      const load = client.run(() => books.answered.size >= goal);
      await sleep(2500);
      await instance.kill();
      await instance.start();
      goal = books.answered.size + 200;
      await load;
      await finishExact(finish, `EIO at write ${when}, refused ${books.refused.length}`);
    }),
  );
});

const eio = { kind: 'error', error: 'EIO' } as const;

function journalFile({ dataDir }: Instance): string {
  return `${dataPaths(dataDir).journal}/data.mdb`;
}

async function finishExact(
  finish: (options: { refusedMayBeStored: boolean }) => Promise<{
    complaints: string[];
    audit: { figures: object };
  }>,
  name: string,
): Promise<void> {
  const { complaints, audit } = await finish({ refusedMayBeStored: true });
  console.log(name, audit.figures);
  expect(complaints).toEqual([]);
}

async function isReady(url: string): Promise<boolean> {
  return (await readReadiness(url)).status === 200;
}
