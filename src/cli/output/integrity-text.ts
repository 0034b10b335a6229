import type { StreamName } from '../../../consumers/recovery/integrity/model/compare.ts';
import type { IntegrityReport } from '../../../consumers/recovery/integrity/model/report.ts';
import type { RepairPlan } from '../../../consumers/recovery/repair/repair-plan.ts';
import type { SequenceRange } from '../../../consumers/store/stream-state.ts';

const mostLines = 200;

/** Formats an integrity report as lines. */
export function reportLines(report: IntegrityReport): string[] {
  const { totals, findings, journals, namelessLetters } = report;
  const found = findingLines(findings);
  return [
    `Checked ${report.checkedAt} (${report.depth === 'full' ? 'every row' : 'the ledger only'}), journals: ${journals.join(', ') || 'none'}`,
    `${count(report.streams.length, 'stream')}: ${count(totals.accepted, 'event')} accepted = ` +
      `${totals.stored} stored + ${totals.deadLettered} dead letters + ${totals.waiting} waiting + ${totals.missing} missing; ` +
      `${totals.surplus} surplus rows`,
    ...(namelessLetters > 0 ? [`${count(namelessLetters, 'dead letter')} without an identity`] : []),
    ...shortened(found),
    ...(findings.isCutShort
      ? ['There are more findings than the report can contain. Repair these, then check again.']
      : []),
    report.exact
      ? 'Exact: no event is missing, no row is surplus.'
      : `Not exact: ${count(found.length, 'finding')}.`,
  ];
}

function findingLines(findings: IntegrityReport['findings']): string[] {
  return [
    ...findings.holes.map(
      (range) =>
        `missing range: ${place(range)}, ${count(sizeOf(range), 'event')} (${range.inJournal ? 'a journal contains them' : 'in none of the journals'})`,
    ),
    ...findings.doubledEvents.map(
      (event) =>
        `duplicate: ${streamText(event)}, sequence ${event.sequence}: ${event.rows} rows, in ${event.months.join(' and ')}`,
    ),
    ...findings.differingRows.map(
      (row) =>
        `differs from its journal entry: ${streamText(row)}, sequence ${row.sequence}: ${row.members.join(', ')}`,
    ),
    ...findings.doubledSessions.map(
      ({ events }) =>
        `one session, several events: ${events.map((event) => `${streamText(event)}, sequence ${event.sequence}`).join('; ')}`,
    ),
    ...findings.driftedProjections.map(
      (one) =>
        `projection ${one.projection}, month ${one.month}: ${one.sessionsByProjection} sessions, but the rows contain ${one.sessionsByRows}`,
    ),
  ];
}

/** Formats a repair plan as lines. */
export function planLines({ remove, fill, left }: RepairPlan): string[] {
  return [
    ...shortened(
      remove.map(
        ({ event, month, part, offset }) =>
          `remove: ${streamText(event)}, sequence ${event.sequence}: the row of ${month} in part ${part} at ${offset}`,
      ),
    ),
    ...shortened(
      fill.map((range) => `store from the journals: ${place(range)}, ${count(sizeOf(range), 'event')}`),
    ),
    ...shortened(left.map((text) => `cannot be repaired: ${text}`)),
  ];
}

function sizeOf({ first, last }: SequenceRange): number {
  return last - first + 1;
}

function place(range: StreamName & SequenceRange): string {
  return `${streamText(range)}, sequences ${range.first}..${range.last}`;
}

function streamText({ producer, partition }: StreamName): string {
  return `producer ${producer}, partition ${partition}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function shortened(lines: readonly string[]): string[] {
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `... and ${more} more (--json shows all)`] : [...lines];
}
