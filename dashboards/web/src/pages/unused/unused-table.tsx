import { Name } from '../../components/name.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { formatCount } from '../../lib/number.ts';
import type { UnusedItem } from './use-unused.ts';

interface UnusedTableProps {
  readonly items: readonly UnusedItem[];
  readonly timeZone: string;
}

/** The table of unused configurations and tags. Each row links to the usage of all time of its configuration or tag. */
export function UnusedTable({ items, timeZone }: UnusedTableProps) {
  return (
    <table class="ranking" aria-label="Unused">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Last used</th>
          <th scope="col" class="count">
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ kind, key, name, lastUsed, total, pattern }) => (
          <tr key={`${kind} ${key}`}>
            <th scope="row">
              <span class="row__name">
                <a class="pick" href={addressOf(kind, key)} title={name}>
                  <Name>{name}</Name>
                </a>
                {pattern && <span class="badge">recurring</span>}
              </span>
            </th>
            <td>{kind}</td>
            <td class="muted nowrap">
              <RelativeTime instant={lastUsed} timeZone={timeZone} />
            </td>
            <td class="count">{formatCount(total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function addressOf(kind: UnusedItem['kind'], key: string): string {
  const filter: Record<string, string> = kind === 'tag' ? { tag: key } : { configurationId: key };
  return `/?${new URLSearchParams({ ...filter, range: 'all' })}`;
}
