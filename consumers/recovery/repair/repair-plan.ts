import type { SessionEvent } from '../../../src/events/session-event.ts';
import { type SequenceRange, stateKey } from '../../store/stream-state.ts';
import { membersThatDiffer } from '../integrity/findings/differing-rows.ts';
import type { StreamName } from '../integrity/model/compare.ts';
import { setOf } from '../integrity/model/ranges.ts';
import type { IntegrityReport } from '../integrity/model/report.ts';
import { mostRemovals, type PlacedRow } from '../integrity/store/integrity-store.ts';
import { groupByStream } from '../integrity/streams/streams.ts';

/** What a repair would do, and what it leaves to people. */
export interface RepairPlan {
  readonly remove: readonly PlacedRow[];
  /** To be stored from the journals. */
  readonly fill: readonly (StreamName & SequenceRange)[];
  /** What cannot be mended, each with the reason. */
  readonly left: readonly string[];
}

/** The accepted event of an identity, where a journal still has it. */
export type AcceptedEvents = ReadonlyMap<string, SessionEvent>;

export function identityKey({ producer, partition, sequence }: StreamName & { sequence: number }): string {
  return `${stateKey(producer, partition)}/${sequence}`;
}

export interface Faults {
  readonly report: IntegrityReport;
  readonly doubled: readonly (readonly PlacedRow[])[];
  readonly differing: readonly PlacedRow[];
}

/**
 * Plans a repair. The journal is the record of what was accepted: a row that says something else goes, and its event is
 * stored anew. Of several equal rows the first stays. Where rows of one event differ and no journal has it, nobody can
 * say which is right. Pure.
 */
export function planRepair({ report, doubled, differing }: Faults, accepted: AcceptedEvents): RepairPlan {
  const remove = new Map<string, PlacedRow>();
  const fill: (StreamName & SequenceRange)[] = [];
  const left = leftOver(report);
  for (const rows of [...doubled, ...singles(differing, doubled)]) {
    const keep = rowToKeep(rows, accepted);
    if (keep === 'undecided') {
      left.push(`${nameOf(rows)} has rows that differ, and no journal that was given has it`);
      continue;
    }
    for (const row of rows) if (row !== keep) remove.set(`${row.part}/${row.offset}`, row);
    if (keep === undefined) fill.push(stretchOf(rows));
  }
  for (const { producer, partition, first, last, inJournal } of report.findings.holes)
    if (inJournal) fill.push({ producer, partition, first, last });
  if (remove.size > mostRemovals)
    left.push(`${remove.size - mostRemovals} more rows to remove: repair again`);
  return { remove: [...remove.values()].slice(0, mostRemovals), fill: inOrder(fill), left };
}

/** Undefined: none of them is right, the journal has what is. */
function rowToKeep(
  rows: readonly PlacedRow[],
  accepted: AcceptedEvents,
): PlacedRow | undefined | 'undecided' {
  const [first] = rows;
  if (first === undefined) return undefined;
  const event = accepted.get(identityKey(first.event));
  if (event !== undefined) return rows.find((row) => membersThatDiffer(row.event, event).length === 0);
  return rows.every((row) => membersThatDiffer(row.event, first.event).length === 0) ? first : 'undecided';
}

/** Rows that differ from the journal and are their event's only ones. */
function singles(differing: readonly PlacedRow[], doubled: readonly (readonly PlacedRow[])[]): PlacedRow[][] {
  const several = new Set(doubled.flatMap((rows) => rows.slice(0, 1).map(({ event }) => identityKey(event))));
  return differing.filter(({ event }) => !several.has(identityKey(event))).map((row) => [row]);
}

function leftOver({ findings }: IntegrityReport): string[] {
  return [
    ...findings.holes
      .filter(({ inJournal }) => !inJournal)
      .map(
        ({ producer, partition, first, last }) =>
          `${producer} partition ${partition} ${first}..${last} is missing, and no journal that was given has it`,
      ),
    ...findings.doubledSessions.map(
      ({ events }) =>
        `one session stands at ${events.map(identityKey).join(' and ')}: removing one would leave a hole in its stream`,
    ),
    ...findings.driftedProjections.map(
      ({ projection, month }) =>
        `projection ${projection} of ${month} disagrees with its rows: ALTER TABLE session_events MATERIALIZE PROJECTION ${projection} IN PARTITION ${month}`,
    ),
  ];
}

function nameOf([row]: readonly PlacedRow[]): string {
  return row === undefined
    ? ''
    : `${row.event.producer} partition ${row.event.partition} ${row.event.sequence}`;
}

function stretchOf([row]: readonly PlacedRow[]): StreamName & SequenceRange {
  const { producer = '', partition = 0, sequence = 0 } = row?.event ?? {};
  return { producer, partition, first: sequence, last: sequence };
}

/** By stream, following ones joined. */
function inOrder(stretches: readonly (StreamName & SequenceRange)[]): (StreamName & SequenceRange)[] {
  return [...groupByStream(stretches).values()].flatMap((own) => {
    const { producer = '', partition = 0 } = own[0] ?? {};
    return setOf(own).map((range) => ({ producer, partition, ...range }));
  });
}
