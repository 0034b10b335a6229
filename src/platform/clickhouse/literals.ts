/** Returns a text as a ClickHouse string literal. For validated names only; bind texts of clients as parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Returns a time in UTC in the DateTime64(3) format of ClickHouse's basic parser, such as `2026-11-21 08:43:52.178`. */
export function clickHouseTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');
}

/**
 * Returns a statement with its values in the places of its parameters (`{name: Type}`).
 * @throws Error when a parameter has no value.
 */
export function withValues(sql: string, values: Readonly<Record<string, unknown>>): string {
  return sql.replace(/\{(\w+): ?([\w()]+)\}/g, (_, name: string, type: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the parameter ${name} has no value`);
    return `CAST(${valueLiteral(value)}, ${literal(type)})`;
  });
}

function valueLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueLiteral).join(', ')}]`;
  return typeof value === 'number' ? String(value) : literal(String(value));
}
