import { Card } from '../../components/card.tsx';
import { Name } from '../../components/name.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import type { Query } from '../../data/query.ts';
import { formatCount } from '../../lib/number.ts';
import { useNames } from '../configurations/use-names.ts';
import type { Refusal, useRefusals } from './use-operations.ts';

type Refusals = NonNullable<ReturnType<typeof useRefusals>['data']['value']>;

interface RefusalsCardProps {
  readonly refusals: Query<Refusals>;
  readonly timeZone: string;
}

/** The card that counts rejected tokens by configuration and reason, over all days in the loaded list. */
export function RefusalsCard({ refusals, timeZone }: RefusalsCardProps) {
  return (
    <Card
      id="refusals"
      title="Rejected tokens"
      hint="By configuration and reason, most recent first"
      class="list"
    >
      <QueryView query={refusals} skeleton={<SkeletonRows count={4} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              <p>No token of a known configuration was rejected.</p>
            </Empty>
          ) : (
            <RefusalTable rows={groupRefusals(items)} timeZone={timeZone} />
          )
        }
      </QueryView>
    </Card>
  );
}

interface RefusalTableProps {
  readonly rows: readonly Refusal[];
  readonly timeZone: string;
}

function RefusalTable({ rows, timeZone }: RefusalTableProps) {
  const names = useNames(rows.map(({ configurationId }) => configurationId));
  return (
    <table class="ranking" aria-label="Rejected tokens">
      <thead>
        <tr>
          <th scope="col">Configuration</th>
          <th scope="col">Reason</th>
          <th scope="col" class="count">
            Rejected
          </th>
          <th scope="col" class="seen">
            Last
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ configurationId, reason, refusals, lastAt }) => (
          <tr key={`${configurationId} ${reason}`}>
            <th scope="row">
              <span class="row__name">
                <a class="pick" href={`/configurations/${configurationId}`}>
                  <Name>{names.get(configurationId) ?? configurationId}</Name>
                </a>
              </span>
            </th>
            <td class="nowrap">{reason}</td>
            <td class="count">{formatCount(refusals)}</td>
            <td class="seen">
              <RelativeTime instant={lastAt} timeZone={timeZone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Adds up the daily counts of each configuration and reason. The pair with the newest refusal comes first. */
export function groupRefusals(items: readonly Refusal[]): Refusal[] {
  const rows = new Map<string, Refusal>();
  for (const item of items) {
    const key = `${item.configurationId} ${item.reason}`;
    const row = rows.get(key);
    const lastAt = row && row.lastAt > item.lastAt ? row.lastAt : item.lastAt;
    rows.set(key, { ...item, lastAt, refusals: item.refusals + (row?.refusals ?? 0) });
  }
  return [...rows.values()].toSorted((left, right) => (left.lastAt < right.lastAt ? 1 : -1));
}
