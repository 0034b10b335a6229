import { useState } from 'preact/hooks';
import { Card } from '../../components/card.tsx';
import { Name } from '../../components/name.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { QueryView, SkeletonRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { formatTime } from '../../lib/time.ts';
import { chooseZone } from '../../lib/zones.ts';
import { useActivities } from './use-access.ts';

const ROWS = 20;

interface ActivityCardProps {
  readonly id: string;
  /** State of the API token. When it changes, the log has a new entry. */
  readonly status: string;
}

/** The card that lists the changes of an API token and the authentications with it. */
export function ActivityCard({ id, status }: ActivityCardProps) {
  const [wanted, setWanted] = useState(ROWS);
  const activities = useActivities(id, wanted);
  const timeZone = chooseZone(null);
  return (
    <Card id="log" key={status} title="Log" hint="Newest first" class="list">
      <QueryView query={activities} skeleton={<SkeletonRows count={3} />}>
        {({ items, nextCursor }) => (
          <>
            <table class="ranking" aria-label="Log">
              <thead>
                <tr>
                  <th scope="col">Activity</th>
                  <th scope="col">By</th>
                  <th scope="col" class="seen">
                    Time
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((item, index) => (
                  <tr key={`${item.activityOn} ${index}`}>
                    <th scope="row">
                      <Status kind={item.authenticationResult === 'FAIL' ? 'bad' : 'good'}>
                        {item.activity.toLowerCase()}
                        {item.authenticationResult === 'FAIL' && ' failed'}
                      </Status>
                      <span class="row__seen">
                        {formatTime(Date.parse(item.activityOn), timeZone, 'dayAndTime')}
                      </span>
                    </th>
                    <td class="actor">
                      <Name>{item.activityBy}</Name>
                    </td>
                    <td class="seen">{formatTime(Date.parse(item.activityOn), timeZone, 'dayAndTime')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {nextCursor !== null && <ShowMore onClick={() => setWanted(wanted + ROWS)} />}
          </>
        )}
      </QueryView>
    </Card>
  );
}
