import type { ComponentChildren } from 'preact';
import type { Query } from '../data/query.ts';

interface QueryViewProps<Data> {
  readonly query: Query<Data>;
  /** Placeholder of the same size as the content, so that the layout does not shift. */
  readonly skeleton: ComponentChildren;
  readonly children: (data: Data) => ComponentChildren;
}

/** Shows the data of a query, or the state that replaces it: loading, or failed with a retry. */
export function QueryView<Data>({ query, skeleton, children }: QueryViewProps<Data>) {
  const data = query.data.value;
  const error = query.error.value;
  if (data === undefined && error) return <Failure message={error.message} onRetry={query.reload} />;
  if (data === undefined) return <div aria-busy="true">{skeleton}</div>;
  return (
    <div class="query" data-stale={query.isStale.value || undefined}>
      {error && <Failure message={error.message} onRetry={query.reload} isCompact />}
      {children(data)}
    </div>
  );
}

interface FailureProps {
  readonly message: string;
  readonly onRetry: () => void;
  /** Whether older data stays visible below. */
  readonly isCompact?: boolean;
}

/** A failed request with its reason and a button that tries again. */
export function Failure({ message, onRetry, isCompact = false }: FailureProps) {
  return (
    <div class={isCompact ? 'failure failure--compact' : 'failure'} role="alert">
      <p>{message}</p>
      <button type="button" class="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

/** A text that replaces an empty list or graph. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

/** Text to copy, such as a command. */
export function Code({ children }: { readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, also by keyboard.
    <pre class="code" tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}

/** Grey lines while a list loads. */
export function SkeletonRows({ count }: { readonly count: number }) {
  return (
    <div class="skeleton-rows" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <span key={index} class="skeleton" />
      ))}
    </div>
  );
}
