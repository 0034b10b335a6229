import Table from 'cli-table3';

const noBorders = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((place) => [place, '']),
);
const style = { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true };

/** Formats rows as lines with aligned columns and no borders. Cells must be escaped with `quoted`. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const table = new Table({ chars: noBorders, style });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .slice(0, rows.length);
}
