import { useLayoutEffect, useRef } from 'preact/hooks';
import { Sparkline } from '../../../charts/sparkline.tsx';
import { Delta } from '../../../components/delta.tsx';
import { LiveNumber } from '../../../components/live-number.tsx';
import { Name } from '../../../components/name.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatTime } from '../../../lib/time.ts';
import { useStableOrder } from './stable-order.ts';
import type { RankedItem, RankedList } from './use-lists.ts';

interface ListTableProps {
  readonly title: string;
  readonly nameHeading: string;
  readonly list: RankedList;
  readonly sparklines: ReadonlyMap<string | null, readonly number[]> | undefined;
  /** Key of the query, see LiveNumber. */
  readonly source: string;
  readonly isSelected: (item: RankedItem) => boolean;
  readonly onPick: (item: RankedItem) => void;
}

/** The table of a ranked list. */
export function ListTable(props: ListTableProps) {
  const { title, nameHeading, list, sparklines, source } = props;
  const table = useRef<HTMLTableElement>(null);
  const items = useStableOrder(list.items, source, table);
  const largest = Math.max(1, ...list.items.map(sessionsOf));
  return (
    <table class="ranking" aria-label={title} ref={table}>
      <thead>
        <tr>
          <th scope="col">{nameHeading}</th>
          <th scope="col" class="seen">
            Last used
          </th>
          <th scope="col" class="trend">
            Trend
          </th>
          <th scope="col" class="count">
            Sessions
          </th>
          <th scope="col" class="count today">
            Today
          </th>
          <th scope="col" class="count total">
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row
            key={item.id === null ? 'untagged' : `id:${item.id}`}
            {...props}
            item={item}
            largest={largest}
            values={sparklines?.get(item.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends ListTableProps {
  readonly item: RankedItem;
  readonly largest: number;
  readonly values: readonly number[] | undefined;
}

function Row({ item, largest, values, source, list, isSelected, onPick }: RowProps) {
  const { timeZone } = list;
  return (
    <tr data-nameless={item.name === null || undefined} data-deleted={item.deletedAt !== null || undefined}>
      <th scope="row">
        <span class="row__name">
          <button
            type="button"
            class="pick"
            title={item.name ?? undefined}
            aria-pressed={isSelected(item)}
            onClick={() => onPick(item)}
          >
            {item.name === null ? 'no tag' : <Name>{item.name}</Name>}
          </button>
          {item.deletedAt !== null && (
            <span class="badge" title={formatTime(Date.parse(item.deletedAt), timeZone, 'exact')}>
              deleted
            </span>
          )}
        </span>
        <span class="row__seen">
          <RelativeTime instant={item.lastUsed} timeZone={timeZone} />
        </span>
      </th>
      <td class="seen">
        <RelativeTime instant={item.lastUsed} timeZone={timeZone} />
      </td>
      <td class="trend">{values && <Sparkline values={values} />}</td>
      <td class="count">
        <LiveNumber value={sessionsOf(item)} source={source} />
        <Delta value={sessionsOf(item)} previous={item.previousSessions} />
        <Bar share={sessionsOf(item) / largest} />
      </td>
      <td class="count today">
        <LiveNumber value={item.today} source={source} />
      </td>
      <td class="count total">
        <LiveNumber value={item.total} source={source} />
      </td>
    </tr>
  );
}

/** The bar at the lower edge of a row: its sessions relative to the largest number. */
function Bar({ share }: { readonly share: number }) {
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => element.current?.style.setProperty('--share', String(share)), [share]);
  return <span class="row__bar" ref={element} />;
}

function sessionsOf({ sessions, total }: RankedItem): number {
  return sessions ?? total;
}
