import { useState } from 'preact/hooks';
import { api, call } from '../../../api/client.ts';
import { Name } from '../../../components/name.tsx';
import { OptionList } from '../../../components/overlays/option-list.tsx';
import { Popover } from '../../../components/overlays/popover.tsx';
import { useQuery } from '../../../data/use-query.ts';
import { formatSessions } from '../../../lib/number.ts';
import type { Change, UsageState } from '../state/state.ts';
import { toggled } from '../state/toggle.ts';

interface TagFilterProps {
  readonly state: UsageState;
  readonly onChange: (change: Change) => void;
}

/** Chooses tags, whether sessions need any or all of them, or sessions without tags. */
export function TagFilter({ state, onChange }: TagFilterProps) {
  return (
    <Popover label="Tags" isActive={state.tags.length > 0 || state.untagged} button={labelOf(state)}>
      {() => <Options state={state} onChange={onChange} />}
    </Popover>
  );
}

function labelOf({ tags, untagged, match }: UsageState): string {
  if (untagged) return 'Without tags';
  if (tags.length === 0) return 'All tags';
  if (tags.length === 1) return '1 tag';
  return `${match === 'all' ? 'All' : 'Any'} of ${tags.length} tags`;
}

function Options({ state, onChange }: TagFilterProps) {
  const found = useFoundTags();
  return (
    <>
      <OptionList
        label="Tags"
        placeholder="Search by the start of the tag"
        isMultiple
        emptyText={found.query.data.value ? 'No session has this tag.' : 'Loading …'}
        options={(found.query.data.value?.items ?? []).flatMap(({ tag, total }) =>
          tag === null
            ? []
            : [
                {
                  key: tag,
                  label: <Name>{tag}</Name>,
                  note: formatSessions(total),
                  isSelected: state.tags.includes(tag),
                },
              ],
        )}
        onSearch={found.setText}
        onChoose={(tag) => onChange({ tags: toggled(state.tags, tag), untagged: false })}
      />
      <fieldset class="radios">
        <legend class="visually-hidden">Sessions to show</legend>
        <Radio
          label="Any of the tags"
          isChecked={!state.untagged && state.match === 'any'}
          onChoose={() => onChange({ match: 'any', untagged: false })}
        />
        <Radio
          label="All of the tags"
          isChecked={!state.untagged && state.match === 'all'}
          onChoose={() => onChange({ match: 'all', untagged: false })}
        />
        <Radio
          label="Without tags"
          isChecked={state.untagged}
          onChoose={() => onChange({ tags: [], match: 'any', untagged: true })}
        />
      </fieldset>
    </>
  );
}

interface RadioProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChoose: () => void;
}

function Radio({ label, isChecked, onChoose }: RadioProps) {
  return (
    <label class="radio">
      <input type="radio" name="tag-match" checked={isChecked} onChange={onChoose} />
      {label}
    </label>
  );
}

/** Returns the tags that start with a text. */
export function useFoundTags() {
  const [text, setText] = useState('');
  const q = text.trim();
  const query = useQuery(`tags ${q}`, (signal) => {
    const parameters = { limit: 20, ...(q !== '' && { q, sort: 'name' as const }) };
    return call(api.GET('/api/v1/usage/tags', { params: { query: parameters }, signal }), signal);
  });
  return { query, setText };
}
