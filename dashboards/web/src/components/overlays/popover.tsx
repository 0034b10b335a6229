import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { useDismiss } from './use-dismiss.ts';

interface PopoverProps {
  /** Accessible name of the popover. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly isActive?: boolean;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that opens a panel with controls. */
export function Popover({ label, button, isActive = false, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  useDismiss(root, isOpen, setOpen, trigger);
  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        ref={trigger}
        class="button button--filter"
        data-active={isActive || undefined}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
        <Icon name="chevronDown" />
      </button>
      {isOpen && (
        <div id={id} class="popover" role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
