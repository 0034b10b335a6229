import { literal } from '../../../../src/platform/clickhouse/literals.ts';
import type { PlacedRow } from './integrity-store.ts';

/**
 * Returns the statement that removes exactly these rows.
 *
 * The statement is a heavy mutation, which rewrites the parts with all their projections. ClickHouse rejects a
 * lightweight DELETE on a table with projections (`lightweight_mutation_projection_mode`). The statement identifies a
 * row by its part and its offset in the part. A part never changes and its name is never reused. If ClickHouse has
 * merged the part in the meantime, the statement therefore removes none of its rows. All rows are in one statement,
 * because a mutation renames every part, also in other months, and a second statement would not find its rows.
 */
export function removeStatement(rows: readonly PlacedRow[]): string {
  const conditions = [...groupByPart(rows)].map(([part, partRows]) => {
    const offsets = partRows.map(({ offset }) => offset).join(', ');
    const sequences = [...new Set(partRows.map(({ event }) => event.sequence))].join(', ');
    return `(_part = ${literal(part)} AND _part_offset IN (${offsets}) AND sequence IN (${sequences}))`;
  });
  return `ALTER TABLE session_events DELETE WHERE ${conditions.join(' OR ')} SETTINGS mutations_sync = 2`;
}

function groupByPart(rows: readonly PlacedRow[]): Map<string, PlacedRow[]> {
  const parts = new Map<string, PlacedRow[]>();
  for (const row of rows) {
    const partRows = parts.get(row.part);
    if (partRows === undefined) parts.set(row.part, [row]);
    else partRows.push(row);
  }
  return parts;
}
