import { visibleName } from '../lib/names.ts';

/** A name that users chose. Its writing direction does not affect the text around it. */
export function Name({ children, class: className }: { readonly children: string; readonly class?: string }) {
  return <bdi class={className}>{visibleName(children)}</bdi>;
}
