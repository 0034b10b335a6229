import type { ComponentChildren } from 'preact';

interface CardProps {
  /** Id of the section. A link with it as fragment leads to the card. */
  readonly id: string;
  readonly title: string;
  readonly hint?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A section of a page with a title and actions. */
export function Card({ id, title, hint, actions, class: className = '', children }: CardProps) {
  return (
    <section id={id} class={`card ${className}`} aria-labelledby={`${id}-title`}>
      <header class="card__head">
        <div class="card__titles">
          <h2 id={`${id}-title`}>{title}</h2>
          {hint !== undefined && <p class="card__hint">{hint}</p>}
        </div>
        {actions !== undefined && <div class="card__actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
