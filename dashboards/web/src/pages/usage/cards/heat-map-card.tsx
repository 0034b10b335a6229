import { HeatMap, hourRange, weekdayName } from '../../../charts/heat-map.tsx';
import { heatMapPicture } from '../../../charts/heat-map-picture.ts';
import { NumbersTable } from '../../../charts/numbers-table.tsx';
import { downloadPng } from '../../../charts/png.ts';
import { Card } from '../../../components/card.tsx';
import { QueryView } from '../../../components/states.tsx';
import type { Query } from '../../../data/query.ts';
import { formatCount, formatSessions } from '../../../lib/number.ts';
import { rangeText } from '../state/range-text.ts';
import type { UsageState } from '../state/state.ts';
import { CardMenu } from './card-menu.tsx';
import { type HeatMapData, heatMapQuery } from './use-usage-data.ts';

interface HeatMapCardProps {
  readonly state: UsageState;
  readonly heatMap: Query<HeatMapData>;
}

const title = 'Weekday and hour';

/** The card with the heat map of weekdays and hours. */
export function HeatMapCard({ state, heatMap }: HeatMapCardProps) {
  const data = heatMap.data.value;
  const savePng = async () => {
    if (data) await downloadPng(heatMapPicture(title, rangeText(state), data.weekdays), 'weekday-hour.png');
  };
  return (
    <Card
      id="weekday-hour"
      title={title}
      hint={`When sessions start, in ${state.timeZone}.`}
      actions={
        <CardMenu
          title={title}
          cardId="weekday-hour"
          path="/api/v1/usage/heatmap"
          query={heatMapQuery(state)}
          onPng={data && savePng}
        />
      }
    >
      <QueryView query={heatMap} skeleton={<div class="heat-map-skeleton skeleton" />}>
        {({ weekdays, sessions }) => (
          <>
            <HeatMap
              label={`${formatSessions(sessions)} by weekday and hour, ${rangeText(state)}`}
              detailsId="weekday-hour-table"
              rows={weekdays}
            />
            <NumbersTable
              id="weekday-hour-table"
              caption={`Sessions by hour and weekday, ${rangeText(state)}`}
              columns={['Hour', ...weekdays.map(({ weekday }) => weekdayName(weekday))]}
              rows={() =>
                Array.from({ length: 24 }, (_, hour) => [
                  hourRange(hour),
                  ...weekdays.map(({ hours }) => formatCount(hours[hour] ?? 0)),
                ])
              }
            />
          </>
        )}
      </QueryView>
    </Card>
  );
}
