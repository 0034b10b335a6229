import { Card } from '../../components/card.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { Status, type StatusKind } from '../../components/status.tsx';
import type { Query } from '../../data/query.ts';
import type { Readiness } from './use-operations.ts';

const KINDS: Readonly<Record<string, StatusKind>> = { ready: 'good', degraded: 'warn', 'not ready': 'bad' };

/** The card that lists the parts of the process that serves the page, with their problems. */
export function PartsCard({ readiness }: { readonly readiness: Query<Readiness> }) {
  const data = readiness.data.value;
  return (
    <Card
      id="parts"
      title="This process"
      hint={data && `Time zone data ${data.tzdata ?? 'not shown'}`}
      actions={data && <Status kind={KINDS[data.status] ?? 'idle'}>{data.status}</Status>}
    >
      <QueryView query={readiness} skeleton={<SkeletonRows count={4} />}>
        {({ parts = [] }) => (
          <ul class="parts">
            {parts.map(({ name, trouble }) => (
              <li key={name} class="parts__item">
                <Status kind={trouble === null ? 'good' : 'bad'}>{name}</Status>
                <span class="muted">{trouble ?? 'works'}</span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}
