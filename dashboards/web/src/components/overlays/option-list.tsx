import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

export interface Option {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly isSelected?: boolean;
  readonly group?: string;
}

interface OptionListProps {
  /** Accessible name of the input and the list. */
  readonly label: string;
  readonly placeholder: string;
  readonly options: readonly Option[];
  readonly isMultiple?: boolean;
  /** Text below an empty list. */
  readonly emptyText: string;
  readonly onSearch: (text: string) => void;
  readonly onChoose: (key: string) => void;
}

/** A search field with a list of options, as a combobox whose list is always open (WAI-ARIA APG). */
export function OptionList(props: OptionListProps) {
  const { label, placeholder, options, isMultiple = false, emptyText, onSearch, onChoose } = props;
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const index = Math.min(active, options.length - 1);
  const optionId = (position: number) => `${id}-${position}`;
  useEffect(() => {
    document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' });
  }, [index]);

  function onKey(event: KeyboardEvent): void {
    const next = { ArrowDown: index + 1, ArrowUp: index - 1 }[event.key];
    if (next !== undefined && options.length > 0) {
      event.preventDefault();
      setActive((next + options.length) % options.length);
    }
    const option = options[index];
    if (event.key === 'Enter' && option) {
      event.preventDefault();
      onChoose(option.key);
    }
  }

  return (
    <div class="option-list">
      <input
        class="field"
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={index >= 0 ? optionId(index) : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={text}
        ref={focusOnce}
        onKeyDown={onKey}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          setActive(0);
          onSearch(value);
        }}
      />
      <div
        class="option-list__items"
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        aria-multiselectable={isMultiple}
      >
        {options.map((option, position) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and handles the keys.
          <div
            key={option.key}
            tabIndex={-1}
            id={optionId(position)}
            class="option"
            role="option"
            aria-selected={option.isSelected ?? (!isMultiple && position === index)}
            data-active={position === index || undefined}
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => setActive(position)}
            onClick={() => onChoose(option.key)}
          >
            <OptionContent option={option} isFirst={option.group !== options[position - 1]?.group} />
          </div>
        ))}
      </div>
      {options.length === 0 && <p class="option-list__empty">{emptyText}</p>}
    </div>
  );
}

function OptionContent({ option, isFirst }: { readonly option: Option; readonly isFirst: boolean }) {
  return (
    <>
      {isFirst && option.group && <span class="option__group">{option.group}</span>}
      <span class="option__row">
        <span class="option__label">{option.label}</span>
        {option.note !== undefined && <span class="option__note">{option.note}</span>}
      </span>
    </>
  );
}

const focused = new WeakSet<Element>();

function focusOnce(element: HTMLInputElement | null): void {
  if (!element || focused.has(element)) return;
  focused.add(element);
  element.focus();
}
