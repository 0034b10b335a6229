import { join } from 'node:path';
import type { Bench } from '../support/bench.ts';
import { fillDataDirectory } from '../support/data-directory.ts';
import { withDirectory } from '../support/processes.ts';
import { measureRounds } from '../support/rounds.ts';
import { spread } from '../support/statistics.ts';
import { startWatmeter } from '../support/watmeter.ts';

const events = 300_000;
const defaultRounds = 5;
const pollMs = 5;

/** Measures the time from the start of the process until it is ready. The data directory contains events. */
export const start: Bench = ({ rounds = defaultRounds }) =>
  withDirectory(async (directory) => {
    const dataDir = join(directory, 'data');
    await fillDataDirectory(dataDir, events);
    const { results, othersPercent } = await measureRounds(rounds, async () => ({
      nodeMs: await timeStart({ dataDir, stopBy: 'SIGTERM' }),
      npmStartMs: await timeStart({ dataDir, throughNpm: true, stopBy: 'SIGKILL' }),
      afterKillMs: await timeStart({ dataDir, stopBy: 'SIGTERM' }),
    }));
    return {
      figures: {
        events,
        nodeReadyMs: spread(results.map(({ nodeMs }) => nodeMs)),
        npmStartReadyMs: spread(results.map(({ npmStartMs }) => npmStartMs)),
        afterKillReadyMs: spread(results.map(({ afterKillMs }) => afterKillMs)),
        othersPercent,
      },
      ratios: {},
    };
  });

async function timeStart(options: {
  dataDir: string;
  throughNpm?: boolean;
  stopBy: NodeJS.Signals;
}): Promise<number> {
  const { dataDir, throughNpm = false, stopBy } = options;
  const startedMs = performance.now();
  const watmeter = await startWatmeter({ dataDir, throughNpm, pollMs });
  const ms = performance.now() - startedMs;
  await watmeter.stop(stopBy);
  return ms;
}
