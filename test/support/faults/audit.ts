import { dataPaths } from '../../../src/app/data-paths.ts';
import { endOfLog, readEntries } from '../../../src/journal/log/entries.ts';
import type { JournalEntry } from '../../../src/journal/log/journal.ts';
import { openRecordLog } from '../../../src/journal/log/lmdb-record-log.ts';
import { type Books, countUnanswered, type Ticket } from './books.ts';
import { groupBy } from './group.ts';
import { type RollUpAnswers, readStore, type StoredData, type StoredRow } from './store-reader.ts';

export interface AuditOptions {
  /** After an error of the disk, an exchange that was refused with 503 may have left its event. */
  readonly refusedMayBeStored?: boolean;
  /** How many dead letters there must be. */
  readonly deadLetters?: number;
}

/** What the check by id found. All is well when `complaints` is empty. */
export interface Audit {
  readonly complaints: readonly string[];
  readonly figures: Readonly<
    Record<'answered' | 'unanswered' | 'storedUnanswered' | 'rows' | 'producers', number>
  >;
  readonly stored: StoredData;
}

/** Compares a data directory, whose process was stopped, with the client's books. */
export function auditDataDirectory(
  dataDir: string,
  books: Books,
  options: AuditOptions = {},
): Promise<Audit> {
  return audit({ clickHouseDir: dataPaths(dataDir).clickHouse, journalDirs: [dataDir] }, books, options);
}

/**
 * Compares a store and the journals of its gateways, whose processes were stopped, with the client's books: by id,
 * not by counts (docs/explanation/delivery.md). Reads them with the product's own adapters, and judges with its own rules.
 */
export async function audit(
  places: { readonly clickHouseDir: string; readonly journalDirs: readonly string[] },
  books: Books,
  options: AuditOptions = {},
): Promise<Audit> {
  const stored = await readStore(places.clickHouseDir);
  const complaints = new Complaints();
  checkAnswered(books, stored, complaints);
  const storedUnanswered = checkUnasked(books, stored, options, complaints);
  checkSequences(stored, complaints);
  for (const answers of stored.rollUps) checkRollUp(answers, stored, complaints);
  for (const dir of places.journalDirs) checkJournal(await readJournal(dir), stored, complaints);
  const letters = options.deadLetters ?? 0;
  if (stored.letters.length !== letters)
    complaints.add('dead letters', `there are ${stored.letters.length}, not ${letters}`);
  return {
    complaints: complaints.lines(),
    stored,
    figures: {
      answered: books.answered.size,
      unanswered: countUnanswered(books),
      storedUnanswered,
      rows: stored.rows.length,
      producers: new Set(stored.rows.map(({ producer }) => producer)).size,
    },
  };
}

/** Few lines of each kind, so that a failed test can be read. */
class Complaints {
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

/** Every session answered 200 is stored exactly once, with what its token said. */
function checkAnswered({ answered }: Books, { rows }: StoredData, complaints: Complaints): void {
  const byId = groupBy(rows, ({ sessionId }) => sessionId);
  for (const [sessionId, copies] of byId)
    if (copies.length > 1) complaints.add('stored more than once', `${sessionId} ${copies.length} times`);
  for (const [sessionId, { ticket }] of answered) {
    const [row] = byId.get(sessionId) ?? [];
    if (row === undefined) complaints.add('answered but not stored', sessionId);
    else if (kindOf(row) !== kindOf(ticket))
      complaints.add('stored with other data', `${sessionId} ${kindOf(row)}`);
  }
}

function kindOf({ configurationId, tags }: { configurationId: string; tags: readonly string[] }): string {
  return JSON.stringify([configurationId, ...tags]);
}

/**
 * A row of a session that was not answered 200 must belong to an exchange that was asked for and broke off. Which
 * one, its viewer says: every ticket has a subject of its own. Returns how many there are.
 */
function checkUnasked(
  books: Books,
  { rows }: StoredData,
  { refusedMayBeStored = false }: AuditOptions,
  complaints: Complaints,
): number {
  const ticketOf = ticketsByViewer(books, rows, complaints);
  const allowed = new Map(books.unanswered);
  if (refusedMayBeStored) {
    for (const { ticket, status } of books.refused)
      if (status === 503) allowed.set(ticket, (allowed.get(ticket) ?? 0) + 1);
  }
  const unasked = rows.filter(({ sessionId }) => !books.answered.has(sessionId));
  for (const row of unasked) {
    const ticket = ticketOf.get(row.viewer);
    const left = ticket === undefined ? 0 : (allowed.get(ticket) ?? 0);
    if (ticket === undefined || kindOf(ticket) !== kindOf(row) || left === 0)
      complaints.add('stored but never asked for', row.sessionId);
    else allowed.set(ticket, left - 1);
  }
  return unasked.length;
}

function ticketsByViewer(
  { answered }: Books,
  rows: readonly StoredRow[],
  complaints: Complaints,
): Map<string, Ticket> {
  const ticketOf = new Map<string, Ticket>();
  for (const { sessionId, viewer } of rows) {
    const ticket = answered.get(sessionId)?.ticket;
    const known = ticketOf.get(viewer);
    if (ticket === undefined) continue;
    if (known !== undefined && known !== ticket)
      complaints.add('two subjects, one viewer', `${known.index} and ${ticket.index}`);
    ticketOf.set(viewer, ticket);
  }
  return ticketOf;
}

/** Of every producer and partition, rows and dead letters are 1, 2, 3 ... without hole or repetition, in time. */
function checkSequences({ rows, letters }: StoredData, complaints: Complaints): void {
  const events = [...rows, ...letters.map((letter) => ({ ...letter, timeMs: undefined }))];
  const streams = groupBy(events, ({ producer, partition }) => `${producer}/${partition}`);
  for (const [stream, members] of streams) {
    const inOrder = members.toSorted((one, other) => one.sequence - other.sequence);
    const misplaced = inOrder.find(({ sequence }, index) => sequence !== index + 1);
    if (misplaced !== undefined)
      complaints.add(
        'sequence with a hole or a repetition',
        `${stream} at ${misplaced.sequence} of ${members.length}`,
      );
    const times = inOrder.flatMap(({ timeMs }) => timeMs ?? []);
    if (times.some((timeMs, index) => timeMs < (times[index - 1] ?? 0)))
      complaints.add('time runs backwards', stream);
  }
}

/** The projection, the rows asked by ClickHouse without projections, and the rows counted here: all the same. */
function checkRollUp(answers: RollUpAnswers, { rows }: StoredData, complaints: Complaints): void {
  const { rollUp, fromProjection, fromRows } = answers;
  const groups = groupBy(rows, (row) => JSON.stringify(rollUp.keyOf(row)));
  const counted = [...groups].map(([key, members]) =>
    JSON.stringify([...(JSON.parse(key) as unknown[]), ...rollUp.measureOf(members)]),
  );
  const expected = counted.toSorted().join('\n');
  const name = `${rollUp.projection} by ${rollUp.groupBy}`;
  if (fromRows.toSorted().join('\n') !== expected) complaints.add('rows do not add up', name);
  if (fromProjection.toSorted().join('\n') !== expected)
    complaints.add('roll-up disagrees with its rows', name);
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

/** Everything in the journal was acknowledged, and what it still keeps is in the table with the same identity. */
function checkJournal(
  { entries, cursor, end }: JournalContents,
  { rows, letters }: StoredData,
  complaints: Complaints,
): void {
  if (cursor !== undefined && cursor !== end)
    complaints.add('journal not acknowledged', `cursor ${cursor}, end ${end}`);
  if (cursor === undefined && entries.length > 0)
    complaints.add('journal not acknowledged', `${entries.length} entries and no cursor`);
  const known = new Set([...rows, ...letters].map(identityOf));
  for (const entry of entries)
    if (!known.has(identityOf(entry))) complaints.add('in the journal but not stored', identityOf(entry));
}

type Identity = Pick<StoredRow, 'producer' | 'partition' | 'sequence'>;

function identityOf({ producer, partition, sequence }: Identity): string {
  return `${producer}/${partition}/${sequence}`;
}
