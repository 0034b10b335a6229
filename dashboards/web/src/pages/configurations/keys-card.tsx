import { Card } from '../../components/card.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import type { Query } from '../../data/query.ts';
import { formatTime } from '../../lib/time.ts';
import { chooseZone } from '../../lib/zones.ts';
import type { Configuration, useKeys } from './use-configurations.ts';

type Keys = NonNullable<ReturnType<typeof useKeys>['data']['value']>;

interface KeysCardProps {
  readonly configuration: Configuration;
  readonly keys: Query<Keys>;
}

/** The card with the id of a configuration and its keys. Keys themselves are never shown again. */
export function KeysCard({ configuration, keys }: KeysCardProps) {
  const timeZone = chooseZone(null);
  const exact = (instant: string) => formatTime(Date.parse(instant), timeZone, 'exact');
  return (
    <Card
      id="keys"
      title="Keys"
      hint={
        <>
          Key id (kid) of its tokens: <code>{configuration.id}</code>
        </>
      }
    >
      <QueryView query={keys} skeleton={<SkeletonRows count={2} />}>
        {({ items }) => (
          <ul class="key-list">
            {items.map(({ createdAt, acceptedUntil }) => (
              <li key={createdAt}>
                Created {exact(createdAt)},{' '}
                {acceptedUntil === null ? 'current key' : `accepted until ${exact(acceptedUntil)}`}
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}
