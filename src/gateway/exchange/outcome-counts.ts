import type { Counter } from '../../platform/metrics.ts';
import type { GatewayMetrics } from '../declarations/metrics.ts';
import type { MeteredOperation, Outcomes } from './outcomes.ts';

export interface OutcomeCountsDeps {
  readonly metrics: GatewayMetrics;
  readonly noteRefusal: Outcomes['noteRefusal'];
}

/** Creates an `Outcomes` that counts in the metrics and passes refusals of known configurations to `noteRefusal`. */
export function createOutcomes({ metrics, noteRefusal }: OutcomeCountsDeps): Outcomes {
  const counts: Readonly<Record<MeteredOperation, (outcome: string, times?: number) => void>> = {
    exchange: createOutcomeCounter(metrics.exchanges),
    'page-load': createOutcomeCounter(metrics.pageLoads),
  };
  return {
    count: (operation, outcome, times) => counts[operation](outcome, times),
    noteRefusal,
  };
}

/**
 * Creates a function that counts outcomes in a metric. It caches the counter of each label, because a look-up by
 * label costs a microsecond per exchange.
 */
function createOutcomeCounter(counter: Counter<'outcome'>): (outcome: string, times?: number) => void {
  const childCounters = new Map<string, Counter.Internal>();
  return (outcome, times) => {
    let childCounter = childCounters.get(outcome);
    if (childCounter === undefined) {
      childCounter = counter.labels(outcome);
      childCounters.set(outcome, childCounter);
    }
    childCounter.inc(times);
  };
}
