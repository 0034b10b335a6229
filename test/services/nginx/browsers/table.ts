import { readFileSync } from 'node:fs';

/** The number of sessions that an event counts, and its refusals by reason, as in `GET /api/v1/refusals`. */
export interface Count {
  readonly sessions: number;
  readonly refusals: Readonly<Record<string, number>>;
}

/** A row of the table "What counts" in docs/reference/sessions.md. */
export interface TableRow {
  readonly event: string;
  /** The settings of watmeter that the event names, such as `COOKIE_SAMESITE=none`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly https: Count | undefined;
  readonly http: Count | undefined;
}

const page = new URL('../../../../docs/reference/sessions.md', import.meta.url);

/**
 * Returns the rows of the table "What counts" in docs/reference/sessions.md.
 * @throws Error if a cell contains neither a count nor a dash.
 */
export function readTable(): TableRow[] {
  const text = readFileSync(page, 'utf8');
  const [, table = ''] = /^\| event \| https \| plain http \|\n\|[-| ]+\|\n((?:\|.*\|\n)+)/m.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [event = '', https = '', http = ''] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      const settings = [...event.matchAll(/`([A-Z_]+)=(\w+)`/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      return {
        event,
        settings: Object.fromEntries(settings),
        https: readCount(https),
        http: readCount(http),
      };
    });
}

/** Reads a cell such as "0 (12 refusals: `bot`)". A dash means that the event does not occur with this scheme. */
function readCount(cell: string): Count | undefined {
  if (cell === '–') return undefined;
  const [, sessions, refusals, reason = ''] = /^(\d+)(?: \((\d+) refusals?: `([\w-]+)`\))?$/.exec(cell) ?? [];
  if (sessions === undefined) throw new Error(`not a count in the table of sessions.md: ${cell}`);
  return {
    sessions: Number(sessions),
    refusals: refusals === undefined ? {} : { [reason]: Number(refusals) },
  };
}
