import type { QueryPool } from '../../platform/clickhouse/pool.ts';

/** The stored watermarks of one producer. */
export interface StoredProducer {
  readonly producer: string;
  /** Number of partitions that the producer has used. */
  readonly partitions: number;
  /** Watermarks by partition. */
  readonly watermarks: ReadonlyMap<number, StoredWatermark>;
}

export interface StoredWatermark {
  readonly sequence: number;
  /** Instant of the newest watermark that is not final. 0 if only a final watermark is stored. */
  readonly beforeMs: number;
  /** Whether the producer has ended in this partition. */
  readonly isFinal: boolean;
}

/** Reads watermarks from ClickHouse. */
export interface StoredWatermarks {
  producers(): Promise<StoredProducer[]>;
  /**
   * Returns the producers whose sessions were stored before watermarks existed, and that have no stored watermark.
   */
  legacy(): Promise<string[]>;
  /** Returns the producers that have stored sessions but no stored watermark. They include those of `legacy`. */
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
 * Converts a row. A producer has ended in a partition if its final watermark has at least the instant or at least the
 * sequence of its other watermarks. The instant alone is not enough: if the clock was wrong for a moment, the final
 * watermark can have an earlier instant. If a data directory was copied, the copy ends the producer of the original.
 * The original then continues with later instants and sequences, so the producer counts as not ended.
 */
function toWatermark(row: WatermarkRow): StoredWatermark {
  const [sequence, beforeMs] = [Number(row.last_sequence), Number(row.last_before)];
  const [finalSequence, finalBeforeMs] = [Number(row.final_sequence), Number(row.final_before)];
  const isFinal = finalBeforeMs > 0 && (finalBeforeMs >= beforeMs || finalSequence >= sequence);
  return { sequence, beforeMs, isFinal };
}
