import type { Asked, Outcomes } from '../gateway/exchange/outcomes.ts';
import type { Counter, Metrics } from '../platform/metrics.ts';
import type { Control } from './control.ts';

/** Counts in the metrics, and in the control store what was refused of whom. */
export function createOutcomes(metrics: Metrics, control: Control | undefined): Outcomes {
  const counts: Readonly<Record<Asked, (outcome: string, times?: number) => void>> = {
    exchange: countingBy(metrics.exchanges),
    'page-load': countingBy(metrics.pageLoads),
  };
  return {
    count: (asked, outcome, times) => counts[asked](outcome, times),
    noteRefusal: (refusal) => control?.refusals.count(refusal),
  };
}

/** Each outcome is looked up once: by labels it would cost a microsecond of each exchange. */
function countingBy(counter: Counter<'outcome'>): (outcome: string, times?: number) => void {
  const known = new Map<string, Counter.Internal>();
  return (outcome, times) => {
    let one = known.get(outcome);
    if (one === undefined) {
      one = counter.labels(outcome);
      known.set(outcome, one);
    }
    one.inc(times);
  };
}
