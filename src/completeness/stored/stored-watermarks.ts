import type { QueryPool } from '../../platform/clickhouse/pool.ts';

/** What is stored about the watermarks of one producer. */
export interface StoredProducer {
  readonly producer: string;
  /** Number of partitions that the producer has used. */
  readonly partitions: number;
  /** By partition. */
  readonly watermarks: ReadonlyMap<number, StoredWatermark>;
}

export interface StoredWatermark {
  readonly sequence: number;
  /** 0 if only a final watermark is stored. */
  readonly beforeMs: number;
  /** Whether the producer has ended in this partition. */
  readonly isFinal: boolean;
}

/** Reads what the sinks have stored about watermarks. */
export interface StoredWatermarks {
  producers(): Promise<StoredProducer[]>;
  /** Returns the producers that were stored before watermarks existed, and for which no watermark is stored. */
  legacy(): Promise<string[]>;
  /** Returns the producers with stored sessions for which no watermark is stored. Includes `legacy`. */
  unwatched(): Promise<string[]>;
}

interface WatermarkRow {
  readonly producer: string;
  readonly partition: number | string;
  readonly last_sequence: number | string;
  readonly last_before: number | string;
  readonly final_sequence: number | string;
  readonly final_before: number | string;
  readonly partition_count: number | string;
}

const watermarksQuery = `
  SELECT producer, partition, max(partitions) AS partition_count,
    maxIf(sequence, final = 0) AS last_sequence, maxIf(before, final = 0) AS last_before,
    maxIf(sequence, final = 1) AS final_sequence, maxIf(before, final = 1) AS final_before
  FROM watermarks GROUP BY producer, partition`;
const legacyQuery = `
  SELECT DISTINCT producer FROM legacy_producers
  WHERE producer NOT IN (SELECT producer FROM watermarks) ORDER BY producer`;
const unwatchedQuery = `
  SELECT producer FROM session_events WHERE producer NOT IN (SELECT producer FROM watermarks)
  GROUP BY producer ORDER BY producer`;

/** Creates the reader on the connections for usage queries. */
export function createStoredWatermarks({ rows }: Pick<QueryPool, 'rows'>): StoredWatermarks {
  const producersOf = async (query: string) =>
    (await rows<{ producer: string }>(query, {})).map(({ producer }) => producer);
  return {
    producers: async () => groupByProducer(await rows<WatermarkRow>(watermarksQuery, {})),
    legacy: () => producersOf(legacyQuery),
    unwatched: () => producersOf(unwatchedQuery),
  };
}

function groupByProducer(rows: readonly WatermarkRow[]): StoredProducer[] {
  const found = new Map<string, { partitions: number; watermarks: Map<number, StoredWatermark> }>();
  for (const row of rows) {
    const known = found.get(row.producer) ?? { partitions: 0, watermarks: new Map() };
    found.set(row.producer, known);
    known.partitions = Math.max(known.partitions, Number(row.partition_count));
    known.watermarks.set(Number(row.partition), toWatermark(row));
  }
  return [...found].map(([producer, known]) => ({ producer, ...known }));
}

/**
 * A producer has ended if its final watermark is not older than its others. After a wrong moment of the clock, the final
 * one can have an earlier instant, but it has the last sequence. A copied data directory ends the original's producer, which
 * then continues with later instants and sequences.
 */
function toWatermark(row: WatermarkRow): StoredWatermark {
  const [sequence, beforeMs] = [Number(row.last_sequence), Number(row.last_before)];
  const [finalSequence, finalBeforeMs] = [Number(row.final_sequence), Number(row.final_before)];
  const isFinal = finalBeforeMs > 0 && (finalBeforeMs >= beforeMs || finalSequence >= sequence);
  return { sequence, beforeMs, isFinal };
}
