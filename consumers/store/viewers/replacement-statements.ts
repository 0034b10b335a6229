import { storedViewer } from '../../../src/events/stored-viewer.ts';
import type { ViewerReplacement } from '../../../src/events/viewer-replacement.ts';

/**
 * SQL statements that replace the pseudonyms of forgotten viewers. Pure functions. The statements read the pseudonyms
 * from the table `forgotten_viewers`. A pseudonym in a statement would leave a trace: ClickHouse stores the text of a
 * mutation in files and in Keeper, and the text of a query in its query log.
 */

/** Query for all replacements. */
export const replacementsQuery = `
  SELECT id, organisation_id, ${storedViewer} AS viewer, replaceAll(toString(replacement), '-', '') AS replacement,
    toUnixTimestamp64Milli(before) AS before FROM forgotten_viewers`;

/** A row of `replacementsQuery`. */
export interface ReplacementRow {
  readonly id: string;
  readonly organisation_id: string;
  readonly viewer: string;
  readonly replacement: string;
  readonly before: string;
}

export function toReplacement({ organisation_id, before, ...texts }: ReplacementRow): ViewerReplacement {
  return { ...texts, organisationId: organisation_id, beforeMs: Number(before) };
}

interface Conditions {
  /** Condition for rows of `session_events` with a forgotten pseudonym. */
  readonly events: string;
  readonly letters: string;
}

/** Returns the table with its database, because background mutations have no default database. */
function tableIn(database: string): string {
  return `${database}.forgotten_viewers`;
}

/** Returns the replacements by `before`, ascending. The first one that is not before a session's time applies to it. */
function replacementsIn(database: string): string {
  return `(SELECT arraySort(groupArray((before, organisation_id, viewer, replacement, id))) FROM ${tableIn(database)})`;
}

/** Returns the replacements with pseudonyms as text of 32 hex digits, which the bodies of dead letters contain. */
function textsIn(database: string): string {
  const hex = (column: string) => `replaceAll(toString(${column}), '-', '')`;
  return `(SELECT arraySort(groupArray((before, ${hex('viewer')}, ${hex('replacement')}, id))) FROM ${tableIn(database)})`;
}

const matches = 'm -> m.3 = viewer AND m.2 = organisation_id AND time <= m.1';
const base64 = "encoding = 'base64'";
const bytes = 'tryBase64Decode(body)';
const isInLetter = `m -> position(if(${base64}, ${bytes}, body), m.2) > 0`;

function conditionsIn(database: string): Conditions {
  return {
    events:
      `viewer IN (SELECT viewer FROM ${tableIn(database)}) ` +
      `AND arrayExists(${matches}, ${replacementsIn(database)})`,
    letters: `arrayExists(${isInLetter}, ${textsIn(database)})`,
  };
}

/** Query for the requests whose pseudonym is in a stored session. */
export function sessionTraceQuery(database: string): string {
  const request = `arrayFirst(${matches}, ${replacementsIn(database)}).5`;
  return `SELECT DISTINCT ${request} AS id FROM session_events WHERE ${conditionsIn(database).events}`;
}

/** Query for the requests whose pseudonym is in a dead letter. */
export function letterTraceQuery(database: string): string {
  const requests = `arrayJoin(arrayFilter(${isInLetter}, ${textsIn(database)})).4`;
  return `SELECT DISTINCT ${requests} AS id FROM dead_letters WHERE ${conditionsIn(database).letters}`;
}

const settings = 'SETTINGS mutations_sync = 2, allow_nondeterministic_mutations = 1';

/** Returns the mutation of sessions. ClickHouse rewrites only the column `viewer`, and only in parts with such sessions. */
export function replaceInSessions(database: string): string {
  const replacement = `arrayFirst(${matches}, ${replacementsIn(database)}).4`;
  return `ALTER TABLE session_events UPDATE viewer = ${replacement} WHERE ${conditionsIn(database).events} ${settings}`;
}

/** Returns the mutation that replaces pseudonyms in the bodies of dead letters. */
export function replaceInLetters(database: string): string {
  const replaced = (text: string) =>
    `arrayFold((text, m) -> replaceAll(text, m.2, m.3), ${textsIn(database)}, ${text})`;
  const body = `if(${base64}, base64Encode(${replaced(bytes)}), ${replaced('body')})`;
  return `ALTER TABLE dead_letters UPDATE body = ${body} WHERE ${conditionsIn(database).letters} ${settings}`;
}

/** Returns the mutation that deletes the replacements with these ids. */
export function eraseStatement(ids: readonly string[]): string {
  const texts = ids.map((id) => `'${id}'`).join(', ');
  return `ALTER TABLE forgotten_viewers DELETE WHERE id IN (${texts}) SETTINGS mutations_sync = 2`;
}
