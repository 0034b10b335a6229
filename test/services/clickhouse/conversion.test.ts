import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ConversionGuard,
  createConversionGuard,
  noGuard,
} from '../../../consumers/conversion/conversion-guard.ts';
import {
  type ConversionFailpoint,
  conversionFailpoints,
} from '../../../consumers/declarations/failpoints.ts';
import { byProjection } from '../../../consumers/recovery/integrity/store/integrity-queries.ts';
import { createClickHouseEventStore } from '../../../consumers/store/clickhouse-event-store.ts';
import { createFence } from '../../../consumers/store/clickhouse-fence.ts';
import { PartitionLostError } from '../../../consumers/store/event-store.ts';
import { createTableConversion } from '../../../src/app/stores/table-conversion.ts';
import { grains } from '../../../src/events/grains.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { storedViewer } from '../../../src/events/stored-viewer.ts';
import { migrateClickHouse } from '../../../src/platform/clickhouse/migrate.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { randomEvents } from '../../integration/clickhouse/counted.ts';
import {
  engines,
  nowMs,
  serverDatabase,
  sqlFiles,
  useEventTable,
} from '../../integration/clickhouse/event-table.ts';
import { insertAsOldSink, replaceByOldTable } from '../../integration/clickhouse/old-event-table.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';

vi.setConfig({ testTimeout: 120_000 });

const viewerOf = (index: number) =>
  createHash('sha256')
    .update(`viewer ${index % 50}`)
    .digest('hex')
    .slice(0, 32);

describe.each(engines)('an event table of version 0.1.0 %s', (engine) => {
  const table = useEventTable(engine);
  const config = { cluster: undefined, ...(engine === 'on a server' && { database: serverDatabase }) };
  const events = randomEvents(900, 20261130).map((event, index) => ({
    ...event,
    viewer: viewerOf(index),
  }));

  /**
   * Creates the conversion as a process does. Several statements copy each month.
   * @param beforeCheck runs before each check that this process is still the only writer.
   */
  function createConversion(
    failpoint: (name: ConversionFailpoint) => void = noFailpoints,
    beforeCheck: () => Promise<void> = async () => {},
  ) {
    const guard: ConversionGuard =
      engine === 'in this process'
        ? noGuard
        : createConversionGuard(
            { holder: randomName('process').replaceAll('-', '_'), cluster: undefined },
            { client: table.client, failpoint: noFailpoints },
          );
    const assertHeld = () => beforeCheck().then(guard.assertHeld);
    const progress: string[] = [];
    const conversion = createTableConversion(sqlFiles, config, {
      ...{ client: table.client, guard: { ...guard, assertHeld }, rowsPerStatement: 150 },
      failpoint: (name) => failpoint(name as ConversionFailpoint),
      onProgress: (text) => progress.push(text),
    });
    return { conversion, progress };
  }

  beforeEach(async () => {
    await replaceByOldTable(table.client);
    for (let start = 0; start < events.length; start += 300)
      await insertAsOldSink(table.client, events.slice(start, start + 300));
  });

  const tables = () =>
    table.text("SHOW TABLES LIKE 'session_events%'").then((names) => names.trim().split('\n'));
  const viewerType = () =>
    table.text(
      "SELECT type FROM system.columns WHERE table = 'session_events' AND name = 'viewer' AND database = currentDatabase()",
    );

  async function readRows(): Promise<SessionEvent[]> {
    const rows = await table.rows<SessionEvent & Record<'time' | 'sequenceText', string>>(
      `SELECT organisation_id AS organisationId, configuration_id AS configurationId, toString(session_id) AS sessionId,
         toString(toUnixTimestamp64Milli(session_events.time)) AS time, tags, ${storedViewer} AS viewer, producer, partition,
         toString(session_events.sequence) AS sequenceText
       FROM session_events ORDER BY producer, session_events.sequence SETTINGS optimize_use_projections = 0`,
    );
    return rows.map(({ time, sequenceText, ...row }) => ({
      ...row,
      timeMs: Number(time),
      sequence: Number(sequenceText),
    }));
  }

  /** Expects the format of a new table, the same rows, and projections that agree with the rows. */
  async function expectConverted(): Promise<void> {
    expect(await viewerType()).toBe('UUID\n');
    expect(await tables()).toEqual(['session_events']);
    expect(await readRows()).toEqual(events.map((event) => ({ ...event })));
    for (const { name, keys, measures } of grains) {
      const groups = (settings: string) =>
        table.text(
          `SELECT ${keys.join(', ')}, count(), ${measures.join(', ')} FROM session_events
           GROUP BY ${keys.join(', ')} ORDER BY ${keys.join(', ')} SETTINGS ${settings}`,
        );
      const fromProjection = await groups(byProjection(name));
      expect(fromProjection).toBe(await groups('optimize_use_projections = 0'));
    }
  }

  it('becomes the table of a new installation, with the same rows', async () => {
    const { conversion, progress } = createConversion();
    await conversion.run();
    await expectConverted();
    expect(progress[0]).toBe('converting the event table: 0 of 900 sessions (month 202611)');
    expect(progress).toContain('converting the event table: 900 of 900 sessions (month 202612)');
    expect(conversion.trouble()).toBeUndefined();
    await conversion.run();
    await expectConverted();
    const converted = await table.text('SHOW CREATE TABLE session_events');
    await table.client.command({ query: 'DROP TABLE session_events SYNC' });
    await table.client.command({ query: 'TRUNCATE TABLE schema_migrations' });
    await migrateClickHouse(table.client, sqlFiles, config);
    expect(converted).toBe(await table.text('SHOW CREATE TABLE session_events'));
  });

  const kills = [
    ...conversionFailpoints.map((name) => [name, 1] as const),
    ...(['convert.slice', 'convert.month'] as const).map((name) => [name, 2] as const),
  ];
  it.each(engine === 'in this process' ? kills : kills.slice(-1))(
    'is converted completely after a kill at %s (number %i), and returns every count until then',
    async (name, nth) => {
      let remaining = nth;
      const { conversion } = createConversion((reached) => {
        if (reached !== name) return;
        remaining -= 1;
        if (remaining === 0) throw new Error('killed');
      });
      await expect(conversion.run()).rejects.toThrow('killed');
      expect(await table.text('SELECT count() FROM session_events')).toBe('900\n');
      await createConversion().conversion.run();
      await expectConverted();
    },
  );

  if (engine === 'in this process') {
    it('stops after the current statement, and continues at the next start', async () => {
      const stopping = createConversion((name) => {
        if (name === 'convert.slice') void stopping.conversion.stop();
      });
      await expect(stopping.conversion.run()).rejects.toThrow('was stopped');
      expect(await table.text('SELECT count() > 0 FROM session_events_next')).toBe('1\n');
      await createConversion().conversion.run();
      await expectConverted();
    });

    it('keeps different viewers different if an import has stored other texts', async () => {
      const imported = ['', 'alice', 'ALICE', 'g'.repeat(32)].map((viewer, index) =>
        sessionEvent({ viewer, producer: 'import', sequence: index + 1 }),
      );
      await insertAsOldSink(table.client, imported);
      await createConversion().conversion.run();
      const viewers = "SELECT uniqExact(viewer) FROM session_events WHERE producer = 'import'";
      expect(await table.text(viewers)).toBe('4\n');
    });
  }

  if (engine === 'on a server') {
    it('has one process at a time that converts it', async () => {
      const outcomes: string[] = [];
      const { conversion } = createConversion(noFailpoints, async () => {
        outcomes.push(
          await createConversion()
            .conversion.run()
            .then(() => 'converted', String),
        );
      });
      await conversion.run();
      expect(outcomes).toEqual(outcomes.map(() => expect.stringContaining('is converting the event table')));
      expect(outcomes).not.toEqual([]);
      await expectConverted();
    });

    it('is not replaced while an older sink stores sessions, and loses none of them', async () => {
      const partition = 7;
      const createSink = () =>
        createClickHouseEventStore(
          table.client,
          { nowMs: () => nowMs },
          {
            partition,
            fence: createFence(
              { partition, holder: randomName('sink').replaceAll('-', '_'), cluster: undefined },
              { client: table.client, failpoint: noFailpoints },
            ),
          },
        );
      const rowsOf = (store: ReturnType<typeof createSink>, sequence: number) =>
        store.encode([sessionEvent({ partition, producer: 'late', sequence })]);
      const before = createSink();
      await before.readState();
      await before.insert(rowsOf(before, 1));
      const { conversion } = createConversion(noFailpoints, async () => {
        await expect(before.insert(rowsOf(before, 2))).rejects.toThrow(PartitionLostError);
        const after = createSink();
        await after.readState();
        await after.insert(rowsOf(after, 2));
      });
      await expect(conversion.run()).rejects.toThrow('an older version still stores sessions');
      expect(await viewerType()).toBe('String\n');
      await createConversion().conversion.run();
      expect(await viewerType()).toBe('UUID\n');
      const late =
        "SELECT groupArray(sequence) FROM (SELECT sequence FROM session_events WHERE producer = 'late' ORDER BY sequence)";
      expect(await table.text(late)).toBe('[1,2]\n');
    });
  }
});
