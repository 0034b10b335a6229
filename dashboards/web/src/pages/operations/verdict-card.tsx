import { RelativeTime } from '../../components/relative-time.tsx';
import { Failure } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Tile } from '../../components/tile.tsx';
import { liveTick } from '../../data/live.ts';
import type { Query } from '../../data/query.ts';
import { now } from '../../lib/now.ts';
import { formatCount } from '../../lib/number.ts';
import { formatTime } from '../../lib/time.ts';
import type { GatewayList, IntegrityReport, Readiness } from './use-operations.ts';
import { verdictOf } from './verdict.ts';

interface VerdictCardProps {
  readonly readiness: Query<Readiness>;
  readonly gateways: Query<GatewayList>;
  readonly ledger: Query<IntegrityReport>;
  readonly timeZone: string;
}

/** The dark card that shows the verdict with its reason, and four numbers. */
export function VerdictCard({ readiness, gateways, ledger, timeZone }: VerdictCardProps) {
  const verdict = verdictOf({
    readiness: readiness.data.value,
    gateways: gateways.data.value,
    ledger: ledger.data.value,
    nowMs: now.value,
  });
  const failed = [gateways, ledger].find(({ error }) => error.value !== undefined);
  const totals = ledger.data.value?.totals;
  const through = gateways.data.value?.completeThrough;
  return (
    <section class="meter verdict" aria-label="Is the pipeline complete?">
      {failed?.error.value && (
        <Failure message={failed.error.value.message} onRetry={failed.reload} isCompact />
      )}
      <p class="verdict__answer" role="status">
        {verdict && (
          <>
            <Status kind={verdict.kind}>{verdict.title}</Status>
            <span class="verdict__reason">{verdict.reason}</span>
          </>
        )}
      </p>
      <dl class="readings">
        <Tile
          label="Complete through"
          value={through && <RelativeTime instant={through} timeZone={timeZone} style="long" />}
          note={through ? formatTime(Date.parse(through), timeZone, 'exact') : ''}
        />
        <Tile
          label="Accepted"
          value={totals && formatCount(totals.accepted)}
          note={`${formatCount(liveTick.value?.lastMinute ?? 0)} in the last minute`}
        />
        <Tile
          label="Stored"
          value={totals && formatCount(totals.stored)}
          note={totals && `${formatCount(totals.waiting)} waiting`}
        />
        <Tile
          label="Missing"
          value={totals && formatCount(totals.missing)}
          note={totals && `${formatCount(totals.surplus)} counted twice`}
        />
      </dl>
    </section>
  );
}
