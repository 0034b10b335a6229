import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { chooseZone } from '../../lib/zones.ts';
import { UnusedTable } from './unused-table.tsx';
import { DEFAULT_DAYS, useUnused } from './use-unused.ts';

const ROWS = 50;
const PERIODS = [
  [7, '7 days'],
  [28, '28 days'],
  [DEFAULT_DAYS, '90 days'],
  [365, '1 year'],
] as const;

/** The page that lists configurations and tags without recent sessions. The URL contains the period. */
export function UnusedPage() {
  const { query, route } = useLocation();
  const days = PERIODS.find(([period]) => String(period) === query['days'])?.[0] ?? DEFAULT_DAYS;
  const [wanted, setWanted] = useState(ROWS);
  const timeZone = chooseZone(null);
  const unused = useUnused(days, timeZone, wanted);
  usePageTitle('Unused');
  useEffect(() => setWanted(ROWS), [days]);
  return (
    <>
      <div class="page__head">
        <h1>Unused</h1>
      </div>
      <Card
        id="unused"
        title="Configurations and tags without sessions"
        hint="A recurring use, such as a monthly report, is not forgotten"
        class="list"
        actions={
          <div class="select">
            <select
              aria-label="Period"
              value={days}
              onChange={({ currentTarget }) => route(`/unused?days=${currentTarget.value}`)}
            >
              {PERIODS.map(([period, text]) => (
                <option key={period} value={period}>
                  in the last {text}
                </option>
              ))}
            </select>
          </div>
        }
      >
        <QueryView query={unused} skeleton={<SkeletonRows count={6} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <Empty>
                <h3>Everything is in use</h3>
                <p>Every configuration and every tag had a session in this period.</p>
              </Empty>
            ) : (
              <>
                <UnusedTable items={items} timeZone={timeZone} />
                {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
              </>
            )
          }
        </QueryView>
      </Card>
    </>
  );
}
