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
