import { availableParallelism } from 'node:os';
import { machineCpuMs, ownCpuMs, sleep } from './processes.ts';
import { report } from './progress.ts';
import { round, spread } from './statistics.ts';

/** Maximum CPU share of other processes in an undisturbed round, in per cent. */
const quietPercent = 5;
const quietWaitMs = 30_000;
const sampleMs = 1000;

export interface Rounds<T> {
  readonly results: T[];
  /** CPU share of other processes during the rounds in `results`, in per cent. */
  readonly othersPercent: ReturnType<typeof spread>;
}

/**
 * Measures rounds while the machine is quiet. Before each round, it waits for a quiet machine, but only for a limited
 * time. It repeats disturbed rounds, up to as many times as there are rounds. The least disturbed rounds are the
 * result.
 */
export async function measureRounds<T>(
  count: number,
  measure: (index: number) => Promise<T>,
): Promise<Rounds<T>> {
  const measured: { result: T; others: number; index: number }[] = [];
  const isQuiet = ({ others }: { others: number }) => others <= quietPercent;
  for (let index = 0; index < 2 * count && measured.filter(isQuiet).length < count; index += 1) {
    await waitForQuiet();
    const meter = meterOthers();
    const result = await measure(index);
    const others = meter();
    measured.push({ result, others, index });
    report(`round ${index + 1}: ${describe(result)}; others took ${round(others)} % of the CPU time`);
  }
  const counting = measured
    .toSorted((one, other) => one.others - other.others)
    .slice(0, count)
    .sort((one, other) => one.index - other.index);
  return {
    results: counting.map(({ result }) => result),
    othersPercent: spread(
      counting.map(({ others }) => others),
      1,
    ),
  };
}

/** Starts to measure, and returns a function that returns the CPU share of other processes since then. */
function meterOthers(): () => number {
  const startedMs = performance.now();
  const before = machineCpuMs() - ownCpuMs();
  return () => {
    const capacityMs = (performance.now() - startedMs) * availableParallelism();
    return (Math.max(0, machineCpuMs() - ownCpuMs() - before) / capacityMs) * 100;
  };
}

async function waitForQuiet(): Promise<void> {
  const deadlineMs = performance.now() + quietWaitMs;
  for (;;) {
    const meter = meterOthers();
    await sleep(sampleMs);
    if (meter() <= quietPercent || performance.now() > deadlineMs) return;
  }
}

function describe(result: unknown): string {
  const numbers = Object.entries(result as Record<string, unknown>).map(([name, value]) => {
    const { perSecond } = (typeof value === 'object' && value !== null ? value : {}) as {
      perSecond?: number;
    };
    const number = typeof value === 'number' ? value : perSecond;
    return number === undefined ? undefined : `${name} ${round(number)}`;
  });
  return numbers.filter((text) => text !== undefined).join(', ');
}
