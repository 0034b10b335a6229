import { useState } from 'preact/hooks';
import { Card } from '../../components/card.tsx';
import { useAction } from '../../components/forms/use-action.ts';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import type { Query } from '../../data/query.ts';
import { announce } from '../../lib/announce.ts';
import { formatCount, plural } from '../../lib/number.ts';
import { formatTime } from '../../lib/time.ts';
import { checkIntegrity, type IntegrityReport } from './use-operations.ts';

interface IntegrityCardProps {
  readonly ledger: Query<IntegrityReport>;
  readonly timeZone: string;
}

/** The card that compares accepted and stored sessions. It compares counts every 10 s, and every row on request. */
export function IntegrityCard({ ledger, timeZone }: IntegrityCardProps) {
  const [full, setFull] = useState<IntegrityReport>();
  const action = useAction();
  async function check(): Promise<void> {
    const report = await checkIntegrity('full');
    setFull(report);
    announce(report.exact ? 'The check found no fault.' : 'The check found faults.');
  }
  return (
    <Card
      id="integrity"
      title="Integrity"
      hint="Accepted, stored and counted sessions are equal"
      actions={
        <button
          type="button"
          class="button"
          disabled={action.isPending}
          onClick={() => void action.run(check)}
        >
          {action.isPending ? 'Checking …' : 'Check every row'}
        </button>
      }
    >
      <p class="form-field__fault card__text" role="alert">
        {action.fault}
      </p>
      <QueryView query={ledger} skeleton={<SkeletonRows count={3} />}>
        {(counts) => <Report report={full ?? counts} timeZone={timeZone} />}
      </QueryView>
    </Card>
  );
}

function Report({ report, timeZone }: { readonly report: IntegrityReport; readonly timeZone: string }) {
  const { exact, depth, checkedAt, totals, streams } = report;
  return (
    <div class="card__text">
      <p>
        <Status kind={exact ? 'good' : 'bad'}>{exact ? 'No fault' : 'Faults found'}</Status>{' '}
        <span class="muted">
          {depth === 'full' ? 'every row compared' : 'counts compared'} at{' '}
          {formatTime(Date.parse(checkedAt), timeZone, 'timeWithSeconds')}, {plural(streams.length, 'stream')}
          , {plural(totals.accepted, 'session')}
        </span>
      </p>
      <Findings findings={report.findings} />
    </div>
  );
}

function Findings({ findings }: { readonly findings: IntegrityReport['findings'] }) {
  const { holes, doubledEvents, doubledSessions, differingRows, driftedProjections } = findings;
  const missing = holes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const inJournal = holes.filter((hole) => hole.inJournal);
  const found = inJournal.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const lines = [
    missing > 0 &&
      `${plural(missing, 'session')} missing, ${formatCount(found)} of them in a journal that a repair can use`,
    doubledEvents.length > 0 && `${plural(doubledEvents.length, 'event')} stored twice`,
    doubledSessions.length > 0 && `${plural(doubledSessions.length, 'session')} with several events`,
    differingRows.length > 0 && `${plural(differingRows.length, 'row')} that differ from the journal`,
    driftedProjections.length > 0 &&
      `${plural(driftedProjections.length, 'stored aggregate')} with a wrong count`,
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return (
    <ul class="findings">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
