import type { Counter, Metrics } from '../../platform/metrics.ts';
import type { Asked, Outcomes } from './outcomes.ts';

export interface OutcomeCountsDeps {
  readonly metrics: Pick<Metrics, 'exchanges' | 'pageLoads'>;
  readonly noteRefusal: Outcomes['noteRefusal'];
}

/** Returns outcomes that are counted in the metrics; refusals of known configurations go to `noteRefusal`, too. */
export function createOutcomes({ metrics, noteRefusal }: OutcomeCountsDeps): Outcomes {
  const counts: Readonly<Record<Asked, (outcome: string, times?: number) => void>> = {
    exchange: countingBy(metrics.exchanges),
    'page-load': countingBy(metrics.pageLoads),
  };
  return {
    count: (asked, outcome, times) => counts[asked](outcome, times),
    noteRefusal,
  };
}

/** Each outcome is looked up once: a look-up by labels would add a microsecond to each exchange. */
function countingBy(counter: Counter<'outcome'>): (outcome: string, times?: number) => void {
  const known = new Map<string, Counter.Internal>();
  return (outcome, times) => {
    let labelled = known.get(outcome);
    if (labelled === undefined) {
      labelled = counter.labels(outcome);
      known.set(outcome, labelled);
    }
    labelled.inc(times);
  };
}
