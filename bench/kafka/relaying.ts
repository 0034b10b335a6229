import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fillJournal } from '../support/events.ts';
import { runModule, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { round, spread } from '../support/statistics.ts';
import type { Broker } from './broker.ts';
import type { RelayJournalInput, RelayResult } from './relay-journal.ts';

const count = 300_000;
const partitions = 6;
const spanMs = 6 * 3_600_000;

/**
 * Measures how fast the relay sends a full journal to Kafka, with each compression. The time ends when every event is
 * acknowledged.
 */
export function measureRelay({ brokers, createTopic, countRecords }: Broker, rounds: number) {
  return withDirectory(async (directory) => {
    report(`filling a journal with ${count} events`);
    const full = join(directory, 'full');
    await fillJournal({ directory: full, count, spanMs, partitions });
    const results: Record<'none' | 'gzip', RelayResult[]> = { none: [], gzip: [] };
    for (let index = 0; index < rounds; index += 1) {
      for (const compression of ['none', 'gzip'] as const) {
        const topic = await createTopic(partitions);
        const journal = join(directory, `${compression}-${index}`);
        cpSync(full, journal, { recursive: true });
        const input: RelayJournalInput = { journal, brokers, topic, compression, count };
        const result = await runModule<RelayResult>('kafka/relay-journal.js', input);
        const records = await countRecords(topic);
        if (records !== count) throw new Error(`the topic holds ${records} of ${count} events`);
        report(`relay, ${compression}: ${round((count / result.ms) * 1000)} a second`);
        results[compression].push(result);
      }
    }
    return { none: summarise(results.none), gzip: summarise(results.gzip) };
  });
}

function summarise(results: readonly RelayResult[]) {
  return {
    perSecond: spread(results.map(({ ms }) => (count / ms) * 1000)),
    cpuUsPerEvent: spread(
      results.map(({ cpuMs }) => (cpuMs * 1000) / count),
      1,
    ),
  };
}
