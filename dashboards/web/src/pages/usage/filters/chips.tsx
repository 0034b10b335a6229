import { Icon } from '../../../components/icons.tsx';
import { Name } from '../../../components/name.tsx';
import { nameOf } from '../state/known-names.ts';
import type { Change, UsageState } from '../state/state.ts';

interface ChipsProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** The current filters. Each filter is a chip with a button that removes it. */
export function Chips({ state, onChange }: ChipsProps) {
  const { configurationIds, tags, untagged } = state;
  if (configurationIds.length + tags.length === 0 && !untagged) return null;
  return (
    <ul class="scope" aria-label="Active filters">
      {configurationIds.map((id) => (
        <Chip
          key={`configuration ${id}`}
          kind="Configuration"
          value={nameOf(id)}
          onRemove={() => onChange({ configurationIds: configurationIds.filter((other) => other !== id) })}
        />
      ))}
      {tags.map((tag) => (
        <Chip
          key={`tag ${tag}`}
          kind="Tag"
          value={tag}
          onRemove={() => onChange({ tags: tags.filter((other) => other !== tag) })}
        />
      ))}
      {untagged && <Chip kind="Tag" value="no tag" onRemove={() => onChange({ untagged: false })} />}
      <li>
        <button
          type="button"
          class="button button--quiet"
          onClick={() => onChange({ configurationIds: [], tags: [], match: 'any', untagged: false })}
        >
          Clear all
        </button>
      </li>
    </ul>
  );
}

interface ChipProps {
  readonly kind: string;
  readonly value: string;
  readonly onRemove: () => void;
}

function Chip({ kind, value, onRemove }: ChipProps) {
  return (
    <li>
      <button type="button" class="chip" title={value} onClick={onRemove}>
        <span class="visually-hidden">Remove the filter </span>
        <span class="chip__kind">{kind}</span> <Name class="chip__value">{value}</Name>
        <Icon name="cross" />
      </button>
    </li>
  );
}
