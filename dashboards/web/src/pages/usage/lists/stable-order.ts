import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import type { RankedItem } from './use-lists.ts';

/**
 * Returns the rows of a table. While the pointer or the focus is in the table, rows that are already shown keep
 * their order, so that live numbers do not move them away.
 */
export function useStableOrder(
  items: readonly RankedItem[],
  source: string,
  table: RefObject<HTMLElement | null>,
): readonly RankedItem[] {
  const shown = useRef<{ readonly source: string; readonly ids: readonly (string | null)[] } | undefined>(
    undefined,
  );
  const isSameQuery = shown.current?.source === source;
  const order = isSameQuery && isInUse(table.current) ? (shown.current?.ids ?? []) : [];
  const positions = new Map(order.map((id, index) => [id, index]));
  const positionOf = ({ id }: RankedItem) => positions.get(id) ?? Number.POSITIVE_INFINITY;
  const rows = items.toSorted((left, right) => compare(positionOf(left), positionOf(right)));
  shown.current = { source, ids: rows.map(({ id }) => id) };
  return rows;
}

function compare(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

function isInUse(table: HTMLElement | null): boolean {
  return table !== null && (table.matches(':hover') || table.querySelector(':focus-visible') !== null);
}
