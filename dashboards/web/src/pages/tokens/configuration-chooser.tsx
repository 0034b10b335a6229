import { useState } from 'preact/hooks';
import { Name } from '../../components/name.tsx';
import { OptionList } from '../../components/overlays/option-list.tsx';
import { Popover } from '../../components/overlays/popover.tsx';
import { useConfigurations } from '../configurations/use-configurations.ts';

const MOST = 1000;
const SHOWN = 50;

interface ConfigurationChooserProps {
  readonly id: string;
  readonly onChoose: (id: string) => void;
}

/** The field that selects one of the newest 1,000 token configurations by a part of its name. */
export function ConfigurationChooser({ id, onChoose }: ConfigurationChooserProps) {
  const [text, setText] = useState('');
  const list = useConfigurations(MOST).data.value;
  const wanted = text.trim().toLowerCase();
  const found = (list?.items ?? []).filter(
    (item) => item.name.toLowerCase().includes(wanted) || item.id === wanted,
  );
  const chosen = list?.items.find((item) => item.id === id);
  return (
    <Popover
      label="Token configuration"
      button={
        chosen ? <Name class="chip__value">{chosen.name}</Name> : id === '' ? 'Choose a configuration' : id
      }
      isActive={id !== ''}
    >
      {(close) => (
        <OptionList
          label="Token configuration"
          placeholder="Search by name"
          emptyText={list ? 'No configuration has this name.' : 'Loading …'}
          options={found.slice(0, SHOWN).map((item) => ({
            key: item.id,
            label: <Name>{item.name}</Name>,
            note: item.enabled ? undefined : 'disabled',
            isSelected: item.id === id,
          }))}
          onSearch={setText}
          onChoose={(key) => {
            onChoose(key);
            close();
          }}
        />
      )}
    </Popover>
  );
}
