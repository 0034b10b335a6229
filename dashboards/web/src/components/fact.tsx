import type { ComponentChildren } from 'preact';

interface FactProps {
  readonly term: string;
  readonly children: ComponentChildren;
}

/** A term and its value in a `<dl class="facts">`. */
export function Fact({ term, children }: FactProps) {
  return (
    <div class="facts__item">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
