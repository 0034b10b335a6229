import { signal } from '@preact/signals';

const names = signal<ReadonlyMap<string, string>>(new Map());

/** Stores the name of a configuration, so that its chip can show it. */
export function rememberName(id: string, name: string): void {
  if (names.peek().get(id) !== name) names.value = new Map(names.peek()).set(id, name);
}

/** Returns the name of a configuration, or its id if the page has not seen the name yet. */
export function nameOf(id: string): string {
  return names.value.get(id) ?? id;
}

/** Returns whether the page has seen the name of a configuration. */
export function isKnown(id: string): boolean {
  return names.value.has(id);
}
