import { LiveNumber } from '../../components/live-number.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Failure } from '../../components/states.tsx';
import { formatTime } from '../../lib/time.ts';
import { chooseZone } from '../../lib/zones.ts';
import { DayScale } from '../usage/cards/day-scale.tsx';
import { useConfigurationUsage } from './use-configurations.ts';

/** Shows when a configuration was last used, and its session counts of today and in total. */
export function UsageWindow({ id }: { readonly id: string }) {
  const timeZone = chooseZone(null);
  const usage = useConfigurationUsage(id, timeZone);
  const data = usage.data.value;
  const error = usage.error.value;
  return (
    <section class="meter" aria-label="Usage statistics">
      {error && <Failure message={error.message} onRetry={usage.reload} isCompact />}
      <dl class="readings">
        <div class="reading">
          <dt class="reading__label">Last used</dt>
          <dd>
            <span class="reading__value">
              {data && <RelativeTime instant={data.lastUsed} timeZone={timeZone} style="long" />}
            </span>
          </dd>
          <dd class="reading__note">
            {data &&
              (data.lastUsed === null
                ? 'no session yet'
                : formatTime(Date.parse(data.lastUsed), timeZone, 'exact'))}
          </dd>
        </div>
        <Count
          label="Today"
          value={data?.today}
          note={data && `since ${formatTime(Date.parse(data.dayStart), timeZone, 'time')}`}
        />
        <Count label="Total" value={data?.total} note="all sessions" />
      </dl>
      <DayScale timeZone={timeZone} dayStart={data?.dayStart} />
    </section>
  );
}

interface CountProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly note: string | undefined;
}

function Count({ label, value, note = '' }: CountProps) {
  return (
    <div class="reading">
      <dt class="reading__label">{label}</dt>
      <dd>
        <span class="reading__value">
          {value !== undefined && <LiveNumber value={value} source={label} />}
        </span>
      </dd>
      <dd class="reading__note">{note}</dd>
    </div>
  );
}
