import type { QueryRows } from './event-lookup.ts';
import { irregularQuery, ledgerQuery, missingRangesQuery } from './event-queries.ts';
import { type LedgerLine, producerStateOf, type StreamState, stateFromLedger } from './stream-state.ts';

interface IrregularStream {
  readonly producer: string;
  readonly partition: string;
  readonly highest: string;
}

/**
 * Reads the state of the stream from the table. The ledger contains the high-water marks. A stream with dead
 * letters, or with fewer rows than its highest sequence, is read row by row to find its missing ranges.
 *
 * @param scope SQL condition for the partitions to read.
 */
export async function readStreamState(scope: string, rows: QueryRows): Promise<StreamState> {
  const lines = await rows<Record<keyof LedgerLine, string>>(ledgerQuery(scope));
  const state = stateFromLedger(lines.map(ledgerLine));
  for (const stream of await rows<IrregularStream>(irregularQuery(scope)))
    await readHoles(state, stream, rows);
  return state;
}

function ledgerLine({ producer, ...numbers }: Record<keyof LedgerLine, string>): LedgerLine {
  return {
    producer,
    partition: Number(numbers.partition),
    month: Number(numbers.month),
    highest: Number(numbers.highest),
    rows: Number(numbers.rows),
  };
}

async function readHoles(
  state: StreamState,
  { producer, partition, highest }: IrregularStream,
  rows: QueryRows,
): Promise<void> {
  const producerState = producerStateOf(state, producer, Number(partition));
  const holes = await rows<{ first: string; last: string }>(
    missingRangesQuery(producer, Number(partition), [...producerState.marks.keys()]),
  );
  producerState.holes = holes.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
  producerState.highest = Number(highest);
}
