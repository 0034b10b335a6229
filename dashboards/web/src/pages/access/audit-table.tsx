import { Status, type StatusKind } from '../../components/status.tsx';
import { formatTime } from '../../lib/time.ts';
import { chooseZone } from '../../lib/zones.ts';
import { ActorLink } from './actor-name.tsx';
import type { AuditEntry, AuditFilter } from './use-access.ts';

const KINDS: Readonly<Record<string, StatusKind>> = { OK: 'good', FAIL: 'bad', STARTED: 'idle' };

interface AuditTableProps {
  readonly items: readonly AuditEntry[];
  /** Names of API tokens, keyed by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
}

/** The table of audit entries. A click on an action or a target filters the log by it. */
export function AuditTable({ items, names, filter, onFilter }: AuditTableProps) {
  const timeZone = chooseZone(null);
  return (
    <table class="ranking audit" aria-label="Audit log">
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col" class="seen">
            Actor
          </th>
          <th scope="col" class="tags">
            Target
          </th>
          <th scope="col">Result</th>
          <th scope="col" class="seen">
            Time
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, at, action, actor, target, result, details }) => (
          <tr key={id}>
            <th scope="row">
              <span class="row__name">
                <button type="button" class="pick" onClick={() => onFilter({ ...filter, action })}>
                  {action}
                </button>
              </span>
              <span class="row__seen">
                {formatTime(Date.parse(at), timeZone, 'dayAndTime')} ·{' '}
                <ActorLink actor={actor} names={names} />
              </span>
              <span class="row__details" title={JSON.stringify(details)}>
                {textOf(details)}
              </span>
            </th>
            <td class="seen">
              <ActorLink actor={actor} names={names} />
            </td>
            <td class="tags">
              {target !== '' && (
                <button
                  type="button"
                  class="link-button"
                  title={`Only entries about ${target}`}
                  onClick={() => onFilter({ ...filter, target })}
                >
                  {names.get(target) ?? <code>{target}</code>}
                </button>
              )}
            </td>
            <td>
              <Status kind={KINDS[result] ?? 'idle'}>{result}</Status>
            </td>
            <td class="seen">{formatTime(Date.parse(at), timeZone, 'dayAndTime')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Returns the details as text, for example `name: Portal, enabled: false`. */
function textOf(details: object): string {
  return Object.entries(details)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
