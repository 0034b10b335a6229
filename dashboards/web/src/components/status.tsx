import type { ComponentChildren } from 'preact';

export type StatusKind = 'good' | 'idle' | 'warn' | 'bad';

interface StatusProps {
  readonly kind: StatusKind;
  readonly children: ComponentChildren;
}

/** A state, shown as a text with a coloured dot. */
export function Status({ kind, children }: StatusProps) {
  return (
    <span class="status" data-kind={kind}>
      {children}
    </span>
  );
}
