/** A text as ClickHouse reads it in a statement. For names that were checked already; clients' texts are bound. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** UTC, as ClickHouse's basic parser reads DateTime64(3): `2026-11-21 08:43:52.178`. */
export function clickHouseTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');
}
