import { dataPaths } from '../../../src/app/data-paths.ts';
import { endOfLog, readEntries } from '../../../src/journal/log/entries.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { openRecordLog } from '../../../src/journal/log/store/lmdb-record-log.ts';
import { countUnanswered, type ExchangeLog, type TestToken } from './exchange-log.ts';
import { groupBy } from './group.ts';
import { type RollUpAnswers, readStore, type StoredData, type StoredRow } from './store-reader.ts';

export interface AuditOptions {
  /** Is true after a disk error: the event of an exchange that returned 503 may then still be stored. */
  readonly refusedMayBeStored?: boolean;
  /** The expected number of dead letters. */
  readonly deadLetters?: number;
}

/**
 * The result of two comparisons: of accepted events with stored events, by session id, and of journal entries with
 * stored events, by producer, partition and sequence. The stored data is correct if `violations` is empty.
 */
export interface Audit {
  readonly violations: readonly string[];
  readonly figures: Readonly<
    Record<'answered' | 'unanswered' | 'storedUnanswered' | 'rows' | 'producers', number>
  >;
  readonly stored: StoredData;
}

/** Compares the data directory of a stopped process with the exchanges that the client recorded. */
export function auditDataDirectory(
  dataDir: string,
  exchangeLog: ExchangeLog,
  options: AuditOptions = {},
): Promise<Audit> {
  return audit(
    { clickHouseDir: dataPaths(dataDir).clickHouse, journalDirs: [dataDir] },
    exchangeLog,
    options,
  );
}

/**
 * Compares a store and the journals of its gateways with the exchanges that the client recorded, after all processes
 * have stopped. The audit compares ids, not counts (docs/explanation/delivery.md). It reads the files with the adapters
 * of watmeter, but checks their content with its own rules.
 */
export async function audit(
  places: { readonly clickHouseDir: string; readonly journalDirs: readonly string[] },
  exchangeLog: ExchangeLog,
  options: AuditOptions = {},
): Promise<Audit> {
  const stored = await readStore(places.clickHouseDir);
  const violations = new Violations();
  checkAnswered(exchangeLog, stored, violations);
  const storedUnanswered = checkUnanswered(exchangeLog, stored, options, violations);
  checkSequences(stored, violations);
  for (const answers of stored.rollUps) checkRollUp(answers, stored, violations);
  for (const dir of places.journalDirs) checkJournal(await readJournal(dir), stored, violations);
  const letters = options.deadLetters ?? 0;
  if (stored.letters.length !== letters)
    violations.add('dead letters', `found ${stored.letters.length}, expected ${letters}`);
  return {
    violations: violations.lines(),
    stored,
    figures: {
      answered: exchangeLog.answered.size,
      unanswered: countUnanswered(exchangeLog),
      storedUnanswered,
      rows: stored.rows.length,
      producers: new Set(stored.rows.map(({ producer }) => producer)).size,
    },
  };
}

/**
 * Collects violations by kind and prints at most five of each kind, to keep the message of a failed test readable.
 */
class Violations {
  readonly #byKind = new Map<string, string[]>();

  add(kind: string, detail: string): void {
    const details = this.#byKind.get(kind) ?? [];
    details.push(detail);
    this.#byKind.set(kind, details);
  }

  lines(): string[] {
    return [...this.#byKind].map(
      ([kind, details]) => `${kind} (${details.length}): ${details.slice(0, 5).join('; ')}`,
    );
  }
}

/** Checks that every session that was returned with 200 is stored exactly once, with the data of its token. */
function checkAnswered({ answered }: ExchangeLog, { rows }: StoredData, violations: Violations): void {
  const byId = groupBy(rows, ({ sessionId }) => sessionId);
  for (const [sessionId, copies] of byId)
    if (copies.length > 1) violations.add('stored more than once', `${sessionId} ${copies.length} times`);
  for (const [sessionId, { token }] of answered) {
    const [row] = byId.get(sessionId) ?? [];
    if (row === undefined) violations.add('answered but not stored', sessionId);
    else if (kindOf(row) !== kindOf(token))
      violations.add('stored with other data', `${sessionId} ${kindOf(row)}`);
  }
}

function kindOf({ configurationId, tags }: { configurationId: string; tags: readonly string[] }): string {
  return JSON.stringify([configurationId, ...tags]);
}

/**
 * Checks that a stored session which was not returned with 200 belongs to an exchange whose connection broke. The
 * viewer in the row identifies the token, because every token has a different subject. Returns the number of such rows.
 */
function checkUnanswered(
  exchangeLog: ExchangeLog,
  { rows }: StoredData,
  { refusedMayBeStored = false }: AuditOptions,
  violations: Violations,
): number {
  const tokenOf = tokensByViewer(exchangeLog, rows, violations);
  const allowed = new Map(exchangeLog.unanswered);
  if (refusedMayBeStored) {
    for (const { token, status } of exchangeLog.refused)
      if (status === 503) allowed.set(token, (allowed.get(token) ?? 0) + 1);
  }
  const unanswered = rows.filter(({ sessionId }) => !exchangeLog.answered.has(sessionId));
  for (const row of unanswered) {
    const token = tokenOf.get(row.viewer);
    const left = token === undefined ? 0 : (allowed.get(token) ?? 0);
    if (token === undefined || kindOf(token) !== kindOf(row) || left === 0)
      violations.add('stored but never requested', row.sessionId);
    else allowed.set(token, left - 1);
  }
  return unanswered.length;
}

function tokensByViewer(
  { answered }: ExchangeLog,
  rows: readonly StoredRow[],
  violations: Violations,
): Map<string, TestToken> {
  const tokenOf = new Map<string, TestToken>();
  for (const { sessionId, viewer } of rows) {
    const token = answered.get(sessionId)?.token;
    const known = tokenOf.get(viewer);
    if (token === undefined) continue;
    if (known !== undefined && known !== token)
      violations.add('two subjects, one viewer', `${known.index} and ${token.index}`);
    tokenOf.set(viewer, token);
  }
  return tokenOf;
}

/**
 * Checks that the rows and dead letters of each producer and partition are numbered 1, 2, 3 ... in time order, without
 * gaps.
 */
function checkSequences({ rows, letters }: StoredData, violations: Violations): void {
  const events = [...rows, ...letters.map((letter) => ({ ...letter, timeMs: undefined }))];
  const streams = groupBy(events, ({ producer, partition }) => `${producer}/${partition}`);
  for (const [stream, members] of streams) {
    const inOrder = members.toSorted((left, right) => left.sequence - right.sequence);
    const misplaced = inOrder.find(({ sequence }, index) => sequence !== index + 1);
    if (misplaced !== undefined)
      violations.add(
        'sequence with a hole or a repetition',
        `${stream} at ${misplaced.sequence} of ${members.length}`,
      );
    const times = inOrder.flatMap(({ timeMs }) => timeMs ?? []);
    if (times.some((timeMs, index) => timeMs < (times[index - 1] ?? 0)))
      violations.add('time runs backwards', stream);
  }
}

/** Checks that the projection and a query without projections return the counts that are computed here from the rows. */
function checkRollUp(answers: RollUpAnswers, { rows }: StoredData, violations: Violations): void {
  const { rollUp, fromProjection, fromRows } = answers;
  const groups = groupBy(rows, (row) => JSON.stringify(rollUp.keyOf(row)));
  const counted = [...groups].map(([key, members]) =>
    JSON.stringify([...(JSON.parse(key) as unknown[]), ...rollUp.measureOf(members)]),
  );
  const expected = counted.toSorted().join('\n');
  const name = `${rollUp.projection} by ${rollUp.groupBy}`;
  if (fromRows.toSorted().join('\n') !== expected) violations.add('rows do not add up', name);
  if (fromProjection.toSorted().join('\n') !== expected)
    violations.add('roll-up disagrees with its rows', name);
}

interface JournalContents {
  readonly entries: readonly JournalEntry[];
  readonly cursor: number | undefined;
  readonly end: number;
}

async function readJournal(dataDir: string): Promise<JournalContents> {
  const log = openRecordLog(dataPaths(dataDir).journal);
  try {
    return {
      entries: readEntries(log, 0, Number.MAX_SAFE_INTEGER),
      cursor: log.cursor(),
      end: endOfLog(log),
    };
  } finally {
    await log.close();
  }
}

/** Checks that the cursor is at the end of the journal and that every journal entry is stored. */
function checkJournal(
  { entries, cursor, end }: JournalContents,
  { rows, letters }: StoredData,
  violations: Violations,
): void {
  if (cursor !== undefined && cursor !== end)
    violations.add('journal not acknowledged', `cursor ${cursor}, end ${end}`);
  if (cursor === undefined && entries.length > 0)
    violations.add('journal not acknowledged', `${entries.length} entries and no cursor`);
  const known = new Set([...rows, ...letters].map(identityOf));
  for (const entry of entries)
    if (!known.has(identityOf(entry))) violations.add('in the journal but not stored', identityOf(entry));
}

type Identity = Pick<StoredRow, 'producer' | 'partition' | 'sequence'>;

function identityOf({ producer, partition, sequence }: Identity): string {
  return `${producer}/${partition}/${sequence}`;
}
