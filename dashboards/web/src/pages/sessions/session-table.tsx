import { Name } from '../../components/name.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { now } from '../../lib/now.ts';
import { formatNear } from '../../lib/time.ts';
import { nameOf } from '../usage/state/known-names.ts';
import type { SessionItem } from './use-sessions.ts';

interface SessionTableProps {
  readonly items: readonly SessionItem[];
  readonly timeZone: string;
  readonly onOpen: (session: SessionItem) => void;
}

/** The table of single sessions. A row opens its details. */
export function SessionTable({ items, timeZone, onOpen }: SessionTableProps) {
  return (
    <table class="ranking" aria-label="Sessions, newest first">
      <thead>
        <tr>
          <th scope="col">Token configuration</th>
          <th scope="col" class="tags">
            Tags
          </th>
          <th scope="col" class="seen">
            Time
          </th>
          <th scope="col" class="count">
            Ago
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((session) => (
          <tr key={session.id}>
            <th scope="row">
              <span class="row__name">
                <button type="button" class="pick" onClick={() => onOpen(session)}>
                  <Name>{nameOf(session.configurationId)}</Name>
                </button>
              </span>
            </th>
            <td class="tags">
              <Tags tags={session.tags} />
            </td>
            <td class="seen">{formatNear(Date.parse(session.time), now.value, timeZone)}</td>
            <td class="count">
              <RelativeTime instant={session.time} timeZone={timeZone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SHOWN_TAGS = 3;

function Tags({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return <i class="muted">no tag</i>;
  return (
    <span class="tag-list">
      {tags.slice(0, SHOWN_TAGS).map((tag) => (
        <Name key={tag} class="badge badge--tag">
          {tag}
        </Name>
      ))}
      {tags.length > SHOWN_TAGS && <span class="muted">+{tags.length - SHOWN_TAGS}</span>}
    </span>
  );
}
