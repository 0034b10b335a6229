import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../support/bench.ts';
import { fillJournal } from '../support/events.ts';
import { runModule, withDirectory } from '../support/processes.ts';
import { report } from '../support/progress.ts';
import { measureRounds } from '../support/rounds.ts';
import { median, round, spread } from '../support/statistics.ts';
import type { DrainInput } from './drain.ts';
import type { ReadyInsertInput } from './ready-insert.ts';
import type { StoringResult } from './store.ts';

const count = 300_000;
const spanMs = 6 * 3_600_000;
const defaultRounds = 5;
/** Default values of SINK_MAX_ROWS and SINK_LINGER. */
const maxRows = 50_000;
const lingerMs = 200;

/**
 * Measures how fast the sink stores a backlog, compared with inserting the same rows from prepared JSON. Both use the
 * same schema with all projections and the same fsync settings. Each run has a new directory and a new process.
 */
export const sink: Bench = ({ rounds = defaultRounds }) =>
  withDirectory(async (directory) => {
    report(`filling a journal with ${count} events`);
    const journal = join(directory, 'journal');
    const rowsFile = join(directory, 'rows.json');
    await fillJournal({ directory: journal, count, spanMs, rowsFile });
    const { results, othersPercent } = await measureRounds(rounds, async () => {
      const readyPieces = await insertReady({ rowsFile, rowsPerInsert: maxRows });
      const stored = await drain(journal);
      const readyWhole = await insertReady({ rowsFile, rowsPerInsert: 0 });
      return {
        sink: perSecond(stored),
        sinkCpuUs: (stored.cpuMs * 1000) / count,
        sinkParts: stored.parts,
        readyPieces: perSecond(readyPieces),
        readyWhole: perSecond(readyWhole),
      };
    });
    const ratios = results.map((each) => each.sink / Math.max(each.readyPieces, each.readyWhole));
    return {
      figures: {
        events: count,
        sinkPerSecond: spread(results.map(({ sink }) => sink)),
        sinkCpuUsPerEvent: spread(
          results.map(({ sinkCpuUs }) => sinkCpuUs),
          1,
        ),
        sinkParts: spread(results.map(({ sinkParts }) => sinkParts)),
        readyPiecesPerSecond: spread(results.map(({ readyPieces }) => readyPieces)),
        readyWholePerSecond: spread(results.map(({ readyWhole }) => readyWhole)),
        othersPercent,
        ratios: { vsReadyInsert: spread(ratios, 3) },
      },
      ratios: { vsReadyInsert: round(median(ratios), 3) },
    };
  });

function perSecond({ ms }: StoringResult): number {
  return (count / ms) * 1000;
}

function drain(journal: string): Promise<StoringResult> {
  return withDirectory(async (directory) => {
    const input: DrainInput = {
      journal: join(directory, 'journal'),
      clickHouse: join(directory, 'clickhouse'),
      count,
      maxRows,
      lingerMs,
    };
    cpSync(journal, input.journal, { recursive: true });
    return checked(await runModule<StoringResult>('sink/drain.js', input));
  });
}

function insertReady(input: Omit<ReadyInsertInput, 'clickHouse'>): Promise<StoringResult> {
  return withDirectory(async (directory) => {
    const clickHouse = join(directory, 'clickhouse');
    return checked(await runModule<StoringResult>('sink/ready-insert.js', { ...input, clickHouse }));
  });
}

function checked(result: StoringResult): StoringResult {
  const { rows, sessions } = result;
  if (rows !== count || sessions !== count)
    throw new Error(`${rows} rows of ${sessions} sessions are stored`);
  return result;
}
