import { api, call } from '../../../api/client.ts';
import type { paths } from '../../../api/schema.ts';
import { Fact } from '../../../components/fact.tsx';
import { Dialog } from '../../../components/overlays/dialog.tsx';
import { QueryView, SkeletonRows } from '../../../components/states.tsx';
import { useQuery } from '../../../data/use-query.ts';
import { formatCount, formatSessions, plural } from '../../../lib/number.ts';
import { formatTime } from '../../../lib/time.ts';
import type { Parameters } from './card-menu.tsx';

type Explanation = paths['/api/v1/usage/explain']['get']['responses']['200']['content']['application/json'];
type ExplainQuery = NonNullable<paths['/api/v1/usage/explain']['get']['parameters']['query']>;

interface ExplainProps {
  readonly title: string;
  readonly query: Parameters;
  readonly onClose: () => void;
}

/** Shows how the numbers of a card come about, and counts the same sessions from single rows. */
export function ExplainDialog({ title, query, onClose }: ExplainProps) {
  const explain = useQuery(JSON.stringify(query), (signal) => {
    const parameters = { ...query, raw: true } as ExplainQuery;
    return call(api.GET('/api/v1/usage/explain', { params: { query: parameters }, signal }), signal);
  });
  return (
    <Dialog title={`How “${title}” is counted`} onClose={onClose}>
      <QueryView query={explain} skeleton={<SkeletonRows count={8} />}>
        {(answer) => <Details answer={answer} />}
      </QueryView>
    </Dialog>
  );
}

function Details({ answer }: { readonly answer: Explanation }) {
  const { timeZone, calendar, delivery } = answer;
  const instant = (text: string) => formatTime(Date.parse(text), timeZone, 'exact');
  return (
    <dl class="facts">
      {answer.counts.map((count) => (
        <Fact key={count.of} term={count.of === 'range' ? 'Range' : 'Comparison period'}>
          {instant(count.from)} to {instant(count.to)}: {formatSessions(count.sessions)}
          {count.rawSessions !== undefined && `, ${formatCount(count.rawSessions)} counted from single rows`}
        </Fact>
      ))}
      {answer.agrees !== undefined && (
        <Fact term="Check">
          {answer.agrees ? 'Both counts are equal.' : 'The counts differ. Run the integrity check.'}
        </Fact>
      )}
      <Fact term="Calendar">
        {plural(calendar.days, 'local day')}
        {calendar.unusualDays.map(({ date, hours }) => `, ${date} has ${hours} hours`)}
        {calendar.clockChanges.map(
          ({ at, offsetBefore, offsetAfter }) =>
            `, clocks change at ${instant(at)} (${offsetBefore} to ${offsetAfter})`,
        )}
      </Fact>
      <Fact term="Read from">
        {answer.steps.map(({ grain, resolution, windows, moreWindows }, index) => (
          <span key={index} class="facts__line">
            <code>{grain}</code> by {resolution}, {plural(windows.length + moreWindows, 'window')}
          </span>
        ))}
        <span class="facts__line">{plural(answer.rowsRead, 'row')} read</span>
      </Fact>
      <Fact term="Complete through">
        {answer.completeThrough === null ? 'no session yet' : instant(answer.completeThrough)}
      </Fact>
      {delivery && (
        <Fact term="Delivery">
          {plural(delivery.producers.length, 'producer')},{' '}
          {plural(delivery.duplicatesDropped ?? 0, 'duplicate')} dropped,{' '}
          {plural(delivery.deadLetters, 'dead letter')}
        </Fact>
      )}
      <Fact term="Sample sessions">
        {answer.sampleSessionIds.length === 0 ? 'none' : null}
        {answer.sampleSessionIds.map((id) => (
          <code key={id} class="facts__line">
            {id}
          </code>
        ))}
      </Fact>
    </dl>
  );
}
