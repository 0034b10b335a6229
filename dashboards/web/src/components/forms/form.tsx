import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly fault?: string;
  readonly maxLength?: number;
}

/** A labelled text field with the reason why its value was rejected. */
export function TextField({ label, value, onInput, fault = '', maxLength }: TextFieldProps) {
  const id = useId();
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="field"
        type="text"
        required
        autocomplete="off"
        maxLength={maxLength}
        value={value}
        aria-invalid={fault !== '' || undefined}
        aria-describedby={`${id}-fault`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p id={`${id}-fault`} class="form-field__fault" role="alert">
        {fault}
      </p>
    </div>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A select element with a label. */
export function SelectField({ label, options, value, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      <select id={id} class="field" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextAreaProps {
  readonly label: string;
  /** Whether the label is visible only to screen readers. */
  readonly isLabelHidden?: boolean;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly rows: number;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** A text area with a label, for several lines of code or of encoded text. */
export function TextArea(props: TextAreaProps) {
  const { label, isLabelHidden = false, hint, placeholder, rows, value, onInput } = props;
  const id = useId();
  return (
    <div class="form-field">
      <label for={id} class={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} class="form-field__hint">
          {hint}
        </p>
      )}
      <textarea
        id={id}
        class="field field--code"
        required
        rows={rows}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A form that a script submits. */
export function Form({ onSubmit, children, class: className = 'form' }: FormProps) {
  return (
    <form
      class={className}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
