import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { useDismiss } from './use-dismiss.ts';

interface MenuProps {
  /** Accessible name of the button. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly buttonClass?: string;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens a menu. The items are buttons and links with the role `menuitem` or `menuitemradio`. */
export function Menu({ label, button, buttonClass = 'button button--icon', children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  useDismiss(root, isOpen, setOpen, trigger);

  function moveFocus(event: KeyboardEvent): void {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const index = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined || items.length === 0) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  }

  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        ref={trigger}
        class={buttonClass}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen && (
        <div
          id={id}
          class="popover menu__items"
          role="menu"
          tabIndex={-1}
          aria-label={label}
          ref={focusOnce}
          onKeyDown={moveFocus}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

const focused = new WeakSet<Element>();

/** Moves the focus to the selected item, or the first one, when the menu opens. */
function focusOnce(element: HTMLElement | null): void {
  if (!element || focused.has(element)) return;
  focused.add(element);
  const checked = element.querySelector<HTMLElement>('[aria-checked="true"]');
  (checked ?? element.querySelector<HTMLElement>('[role^="menuitem"]'))?.focus();
}
