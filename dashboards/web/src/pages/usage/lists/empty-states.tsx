import { Code, Empty } from '../../../components/states.tsx';
import type { UsageState } from '../state/state.ts';

interface EmptyListProps {
  readonly state: UsageState;
  readonly onClear: () => void;
}

/** Replaces an empty list of configurations. */
export function NoConfigurations({ state, onClear }: EmptyListProps) {
  if (state.tags.length > 0 || state.untagged)
    return (
      <Filtered
        text="No configuration has sessions with these tags."
        action="Remove the tag filter"
        onClear={onClear}
      />
    );
  return (
    <Empty>
      <h3>No token configurations yet</h3>
      <p>Create the first one with the API:</p>
      <Code>
        {[
          `curl ${location.origin}/api/v1/web-access-tokens/configurations \\`,
          '  -H "Authorization: Bearer $WATMETER_TOKEN" \\',
          '  -H "Content-Type: application/json" \\',
          `  -d '{ "name": "My first configuration" }'`,
        ].join('\n')}
      </Code>
      <p>Or generate sample sessions:</p>
      <Code>npm run demo</Code>
    </Empty>
  );
}

/** Replaces an empty list of tags. */
export function NoTags({ state, onClear }: EmptyListProps) {
  if (state.configurationIds.length > 0)
    return (
      <Filtered
        text="These configurations have no sessions yet."
        action="Remove the configuration filter"
        onClear={onClear}
      />
    );
  return (
    <Empty>
      <h3>No sessions yet</h3>
      <p>
        Tags come from the <code>trc</code> claim of a Web Access Token, such as:
      </p>
      <Code>{'"trc": ["spring-campaign", "partner-a"]'}</Code>
      <p>They appear here after the first session. Sessions without tags appear as “no tag”.</p>
    </Empty>
  );
}

interface FilteredProps {
  readonly text: string;
  readonly action: string;
  readonly onClear: () => void;
}

function Filtered({ text, action, onClear }: FilteredProps) {
  return (
    <Empty>
      <p>{text}</p>
      <button type="button" class="button" onClick={onClear}>
        {action}
      </button>
    </Empty>
  );
}
