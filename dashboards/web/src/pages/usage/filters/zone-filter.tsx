import { useState } from 'preact/hooks';
import { api, call } from '../../../api/client.ts';
import { Icon } from '../../../components/icons.tsx';
import { OptionList } from '../../../components/overlays/option-list.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { useQuery } from '../../../data/use-query.ts';
import { findZones } from '../../../lib/find-zones.ts';
import { browserZone } from '../../../lib/zones.ts';
import type { Change, UsageState } from '../state/state.ts';

interface ZoneFilterProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** Chooses the time zone from all names that the server accepts. */
export function ZoneFilter({ state, onChange }: ZoneFilterProps) {
  return (
    <Popover
      label="Time zone"
      button={
        <>
          <Icon name="globe" /> <span class="visually-hidden">Time zone: </span>
          {state.timeZone}
        </>
      }
    >
      {(close) => (
        <Options
          selected={state.timeZone}
          onChoose={(timeZone) => {
            onChange({ timeZone });
            close();
          }}
        />
      )}
    </Popover>
  );
}

function Options({
  selected,
  onChoose,
}: {
  readonly selected: string;
  readonly onChoose: (name: string) => void;
}) {
  const [text, setText] = useState('');
  const zones = useZones();
  const found = findZones(zones.data.value?.items ?? [], text, [selected, browserZone(), 'UTC']);
  const emptyText = zones.error.value?.message ?? 'Loading …';
  return (
    <OptionList
      label="Time zone"
      placeholder="Search a city, a country code or an offset"
      emptyText={zones.data.value ? 'Unknown time zone. Try a city, such as Berlin, or UTC.' : emptyText}
      options={found.map(({ zone, alias }) => ({
        key: zone.name,
        label: alias === undefined ? zone.name : `${zone.name} (${alias})`,
        note: `UTC${zone.offset}`,
        isSelected: zone.name === selected,
      }))}
      onSearch={setText}
      onChoose={onChoose}
    />
  );
}

function useZones() {
  return useQuery('time-zones', (signal) => call(api.GET('/api/v1/time-zones', { signal }), signal));
}
