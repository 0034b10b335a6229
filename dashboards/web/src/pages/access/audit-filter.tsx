import { useState } from 'preact/hooks';
import { Form } from '../../components/forms/form.tsx';
import type { AuditFilter } from './use-access.ts';

interface AuditFilterFormProps {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

/** Filters the audit log by the id of a target, or by a result. */
export function AuditFilterForm({ filter, onChange }: AuditFilterFormProps) {
  const [target, setTarget] = useState(filter.target ?? '');
  return (
    <Form class="filter-bar" onSubmit={() => onChange({ ...filter, target: target.trim() })}>
      <input
        class="field field--search"
        type="search"
        aria-label="Id of the target"
        placeholder="Id of a token, configuration …"
        value={target}
        onInput={(event) => setTarget(event.currentTarget.value)}
      />
      <div class="select">
        <select
          aria-label="Result"
          value={filter.result ?? ''}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...filter, result: value as NonNullable<AuditFilter['result']> })
          }
        >
          <option value="">Every result</option>
          <option value="OK">Successful</option>
          <option value="FAIL">Rejected or failed</option>
          <option value="STARTED">Started</option>
        </select>
      </div>
      <button type="submit" class="button">
        Filter
      </button>
    </Form>
  );
}
