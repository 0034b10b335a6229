import { CommandFailure, exitCodes } from '../support/command-failure.ts';

/** A session in the form in which the API accepts it for import. */
export interface SessionRow {
  readonly time: string;
  readonly configurationId: string;
  readonly tags?: readonly string[];
  readonly viewer?: string;
  readonly sessionId?: string;
}

/** A record of a file: its values by column name. */
export type FileRecord = Readonly<Record<string, unknown>>;

const required = ['time', 'configurationId'];
const optional = ['tags', 'viewer', 'sessionId'];

/**
 * Converts a record of any file format to a session. Empty values count as absent.
 * @throws CommandFailure with the row, and with the column or value that is wrong.
 */
export function toSessionRow(record: FileRecord, row: number): SessionRow {
  const present = Object.entries(record).filter(([, value]) => !isAbsent(value));
  const values = Object.fromEntries(present);
  for (const name of Object.keys(record))
    if (![...required, ...optional].includes(name))
      throw wrongRow(row, `unknown column ${JSON.stringify(name)}`, `Columns: ${columnText}.`);
  for (const name of required)
    if (values[name] === undefined) throw wrongRow(row, `${name} is missing`, `Columns: ${columnText}.`);
  const text = (name: string) => toText(values[name], name, row);
  return {
    time: text('time'),
    configurationId: text('configurationId'),
    ...(values['tags'] !== undefined && { tags: toTags(values['tags'], row) }),
    ...(values['viewer'] !== undefined && { viewer: text('viewer') }),
    ...(values['sessionId'] !== undefined && { sessionId: text('sessionId').toLowerCase() }),
  };
}

const columnText = `${required.join(', ')} (required), ${optional.join(', ')}`;

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function toText(value: unknown, name: string, row: number): string {
  if (typeof value === 'string') return value.trim();
  // The Parquet reader returns timestamps as Date objects.
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw wrongRow(row, `${name} must be text${name === 'time' ? ' or a timestamp' : ''}`);
}

/** Returns the tags in a value: a list, the text of a JSON list, or the text of a single tag. */
function toTags(value: unknown, row: number): readonly string[] {
  const list = typeof value === 'string' && value.trimStart().startsWith('[') ? parseList(value) : value;
  if (typeof list === 'string') return [list];
  if (Array.isArray(list) && list.every((tag) => typeof tag === 'string')) return list;
  throw wrongRow(row, 'tags must be one tag or a JSON list of texts, such as ["newsletter","mobile"]');
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Creates the error for a row that is not a valid session. The error ends the import before anything is stored. */
export function wrongRow(row: number, reason: string, ...advice: string[]): CommandFailure {
  return new CommandFailure(exitCodes.failed, `row ${row}: ${reason}`, ...advice, 'Nothing was imported.');
}
