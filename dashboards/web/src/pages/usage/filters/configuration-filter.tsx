import { useState } from 'preact/hooks';
import { api, call } from '../../../api/client.ts';
import { Name } from '../../../components/name.tsx';
import { OptionList } from '../../../components/overlays/option-list.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { useQuery } from '../../../data/use-query.ts';
import { formatSessions } from '../../../lib/number.ts';
import { rememberName } from '../state/known-names.ts';
import type { Change, UsageState } from '../state/state.ts';
import { toggled } from '../state/toggle.ts';

interface ConfigurationFilterProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** Chooses token configurations by name. */
export function ConfigurationFilter({ state, onChange }: ConfigurationFilterProps) {
  const count = state.configurationIds.length;
  return (
    <Popover
      label="Token configurations"
      isActive={count > 0}
      button={
        count === 0 ? 'All configurations' : `${count} ${count === 1 ? 'configuration' : 'configurations'}`
      }
    >
      {() => <Options state={state} onChange={onChange} />}
    </Popover>
  );
}

function Options({ state, onChange }: ConfigurationFilterProps) {
  const found = useFoundConfigurations();
  return (
    <OptionList
      label="Token configurations"
      placeholder="Search by the start of the name"
      isMultiple
      emptyText={found.query.data.value ? 'No configuration has this name.' : 'Loading …'}
      options={(found.query.data.value?.items ?? []).map((item) => ({
        key: item.configurationId,
        label: <Name>{item.name}</Name>,
        note: formatSessions(item.total),
        isSelected: state.configurationIds.includes(item.configurationId),
      }))}
      onSearch={found.setText}
      onChoose={(id) => {
        const item = found.query.data.value?.items.find(({ configurationId }) => configurationId === id);
        if (item) rememberName(id, item.name);
        onChange({ configurationIds: toggled(state.configurationIds, id) });
      }}
    />
  );
}

/** Returns the configurations whose name starts with a text. */
export function useFoundConfigurations() {
  const [text, setText] = useState('');
  const q = text.trim();
  const query = useQuery(`configurations ${q}`, (signal) => {
    const parameters = { limit: 20, ...(q !== '' && { q, sort: 'name' as const }) };
    return call(api.GET('/api/v1/usage/configurations', { params: { query: parameters }, signal }), signal);
  });
  return { query, setText };
}
