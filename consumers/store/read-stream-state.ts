import { archivedSequences } from './archived-sequences.ts';
import type { QueryRows } from './event-lookup.ts';
import {
  type ArchivedSequences,
  irregularQuery,
  marksQuery,
  missingRangesQuery,
} from './statements/event-queries.ts';
import { type LedgerLine, producerStateOf, type StreamState, stateFromLedger } from './stream-state.ts';

interface IrregularStream {
  readonly producer: string;
  readonly partition: string;
  readonly highest: string;
}

/**
 * Reads the stored sequences of each producer and partition from the event table. The ledger contains the high-water
 * marks, also those of archived months. If a producer has dead letters in a partition, or fewer rows there than its
 * highest sequence, the function reads its sequences row by row to find missing ranges.
 *
 * @param scope SQL condition for the partitions to read.
 */
export async function readStreamState(scope: string, rows: QueryRows): Promise<StreamState> {
  const archived = await archivedSequences(rows);
  const lines = await rows<Record<keyof LedgerLine, string>>(marksQuery(scope, archived));
  const state = stateFromLedger(lines.map(ledgerLine));
  for (const stream of await rows<IrregularStream>(irregularQuery(scope, archived)))
    await readHoles(state, stream, archived, rows);
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
  archived: ArchivedSequences | undefined,
  rows: QueryRows,
): Promise<void> {
  const producerState = producerStateOf(state, producer, Number(partition));
  const holes = await rows<{ first: string; last: string }>(
    missingRangesQuery(producer, Number(partition), [...producerState.marks.keys()], archived),
  );
  producerState.holes = holes.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
  producerState.highest = Number(highest);
}
