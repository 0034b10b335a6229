/**
 * Quotes a text as a ClickHouse string literal. Use this only for validated names. Texts from clients must be bound
 * as parameters.
 */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/**
 * Formats a time in UTC for ClickHouse's basic DateTime64(3) parser, for example `2026-11-21 08:43:52.178`.
 */
export function clickHouseTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');
}

/**
 * Replaces the parameters of a statement (`{name: Type}`) with their values.
 * @throws Error if a parameter has no value.
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
