import type { SessionEvent } from '../../../src/events/session-event.ts';
import { identityKey, type SequenceRange } from '../../store/stream-state.ts';
import { membersThatDiffer } from '../integrity/findings/differing-rows.ts';
import type { StreamName } from '../integrity/model/compare.ts';
import { setOf } from '../integrity/model/ranges.ts';
import type { IntegrityReport } from '../integrity/model/report.ts';
import { maxRemovals, type PlacedRow } from '../integrity/store/integrity-store.ts';
import { groupByStream } from '../integrity/streams/streams.ts';
import { unrepairable } from './unrepairable.ts';

/** Changes that a repair makes, and findings that it leaves to the operator. */
export interface RepairPlan {
  readonly remove: readonly PlacedRow[];
  /** Events to store from the journals. */
  readonly fill: readonly StreamRange[];
  /** Findings that the repair cannot fix, each with its reason. */
  readonly left: readonly string[];
}

/** A range of sequences in one stream. */
export type StreamRange = StreamName & SequenceRange;

/** Accepted events that are in a journal, by `identityKey`. */
export type AcceptedEvents = ReadonlyMap<string, SessionEvent>;

export interface Faults {
  readonly report: IntegrityReport;
  /** The rows of each event that has several rows. */
  readonly doubled: readonly (readonly PlacedRow[])[];
  /** Rows that differ from the journal entry with the same identity. */
  readonly differing: readonly PlacedRow[];
}

/**
 * Plans a repair. Pure.
 *
 * The journal is the record of accepted events: the plan removes a row that differs from its journal entry, and
 * stores the entry's event instead. Of several equal rows, the plan keeps the first. If the rows of an event differ
 * and no journal contains the event, the plan keeps all of them, because the correct row is unknown.
 */
export function planRepair({ report, doubled, differing }: Faults, accepted: AcceptedEvents): RepairPlan {
  const remove = new Map<string, PlacedRow>();
  const fill: StreamRange[] = fillableHoles(report);
  const left = unrepairable(report);
  for (const rows of [...doubled, ...singles(differing, doubled)]) {
    const verdict = judge(rows, accepted);
    if (verdict.kind === 'undecided') {
      left.push(`${nameOf(rows)} has rows that differ, and no journal contains the event`);
      continue;
    }
    for (const row of rows) if (row !== verdict.keep) remove.set(`${row.part}/${row.offset}`, row);
    if (verdict.kind === 'none-right') fill.push(rangeOf(rows));
  }
  if (remove.size > maxRemovals)
    left.push(`${remove.size - maxRemovals} more rows to remove: run the repair again`);
  return { remove: [...remove.values()].slice(0, maxRemovals), fill: joined(fill), left };
}

function fillableHoles({ findings }: IntegrityReport): StreamRange[] {
  return findings.holes
    .filter(({ inJournal }) => inJournal)
    .map(({ producer, partition, first, last }) => ({ producer, partition, first, last }));
}

/** Decision about which row of an event is correct. */
type Verdict =
  | { readonly kind: 'one-right'; readonly keep: PlacedRow }
  /** No row is correct, and a journal contains the event. */
  | { readonly kind: 'none-right'; readonly keep?: undefined }
  | { readonly kind: 'undecided' };

function judge(rows: readonly PlacedRow[], accepted: AcceptedEvents): Verdict {
  const [first] = rows;
  if (first === undefined) return { kind: 'undecided' };
  const event = accepted.get(identityKey(first.event));
  if (event !== undefined) {
    const keep = rows.find((row) => isEqualTo(row, event));
    return keep === undefined ? { kind: 'none-right' } : { kind: 'one-right', keep };
  }
  return rows.every((row) => isEqualTo(row, first.event))
    ? { kind: 'one-right', keep: first }
    : { kind: 'undecided' };
}

function isEqualTo(row: PlacedRow, event: SessionEvent): boolean {
  return membersThatDiffer(row.event, event).length === 0;
}

/** Returns, as lists of one, the rows that differ from their journal entry and are the only row of their event. */
function singles(differing: readonly PlacedRow[], doubled: readonly (readonly PlacedRow[])[]): PlacedRow[][] {
  const doubledKeys = new Set(
    doubled.flatMap((rows) => rows.slice(0, 1).map(({ event }) => identityKey(event))),
  );
  return differing.filter(({ event }) => !doubledKeys.has(identityKey(event))).map((row) => [row]);
}

function nameOf([row]: readonly PlacedRow[]): string {
  return row === undefined
    ? ''
    : `${row.event.producer} partition ${row.event.partition} ${row.event.sequence}`;
}

function rangeOf([row]: readonly PlacedRow[]): StreamRange {
  const { producer = '', partition = 0, sequence = 0 } = row?.event ?? {};
  return { producer, partition, first: sequence, last: sequence };
}

/** Groups the ranges by stream and joins consecutive ones. */
function joined(ranges: readonly StreamRange[]): StreamRange[] {
  return [...groupByStream(ranges).values()].flatMap((streamRanges) => {
    const { producer = '', partition = 0 } = streamRanges[0] ?? {};
    return setOf(streamRanges).map((range) => ({ producer, partition, ...range }));
  });
}
