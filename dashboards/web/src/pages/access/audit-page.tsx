import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { usePageTitle } from '../../app/page-title.ts';
import { Card } from '../../components/card.tsx';
import { Icon } from '../../components/icons.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { useActorNames } from './actor-name.tsx';
import { AuditFilterForm } from './audit-filter.tsx';
import { AuditTable } from './audit-table.tsx';
import { type AuditFilter, useAudit } from './use-access.ts';

const ROWS = 50;
const MEMBERS = ['action', 'actor', 'target', 'result'] as const;

/** The page of the audit log. The URL contains the filter. */
export function AuditPage() {
  const { query, route } = useLocation();
  const filter = Object.fromEntries(
    MEMBERS.flatMap((member) => (query[member] ? [[member, query[member]]] : [])),
  ) as AuditFilter;
  const search = new URLSearchParams(filter as Record<string, string>).toString();
  const [wanted, setWanted] = useState(ROWS);
  const audit = useAudit(filter, wanted);
  const names = useActorNames();
  usePageTitle('Audit log');
  useEffect(() => setWanted(ROWS), [search]);
  const change = (next: AuditFilter) => {
    const entries = Object.entries(next).filter(([, value]) => value !== undefined && value !== '');
    const parameters = new URLSearchParams(entries as [string, string][]).toString();
    route(parameters === '' ? '/audit' : `/audit?${parameters}`);
  };
  return (
    <>
      <div class="page__head">
        <h1>Audit log</h1>
      </div>
      <AuditFilterForm key={search} filter={filter} onChange={change} />
      <ul class="scope" aria-label="Filters">
        {MEMBERS.filter((member) => filter[member] !== undefined).map((member) => (
          <li key={member}>
            <button type="button" class="chip" onClick={() => change({ ...filter, [member]: undefined })}>
              <span class="visually-hidden">Remove the filter </span>
              <span class="chip__kind">{member}</span>
              <bdi class="chip__value">{filter[member]}</bdi>
              <Icon name="cross" />
            </button>
          </li>
        ))}
      </ul>
      <Card
        id="audit"
        title="Who changed what"
        hint="Newest first. Choose an action or a target to filter"
        class="list"
      >
        <QueryView query={audit} skeleton={<SkeletonRows count={10} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <Empty>
                <h3>No entry</h3>
                <p>{search === '' ? 'No one has changed anything yet.' : 'Remove a filter.'}</p>
              </Empty>
            ) : (
              <>
                <AuditTable items={items} names={names} filter={filter} onFilter={change} />
                {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
              </>
            )
          }
        </QueryView>
      </Card>
    </>
  );
}
