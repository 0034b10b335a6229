import type { JournalEntry } from './journal.ts';

/**
 * A journal record contains the events of one commit, all with the same producer. A commit therefore needs only one
 * write for all its events. The format is little-endian:
 *
 *     u8 version, u8 length of producer, u32 number of events, producer (ASCII),
 *     then for each event: u32 partition, f64 sequence, f64 time in epoch ms, u32 length of body, body (UTF-8)
 *
 * The identity is stored next to the body, so that an event with an unreadable body still has an identity.
 */

export type RecordedEvent = Omit<JournalEntry, 'position' | 'producer'>;

export interface JournalRecord {
  readonly producer: string;
  readonly events: readonly RecordedEvent[];
}

const version = 1;
const headBytes = 6;
const eventHeadBytes = 24;

/** Encodes a record in the format above. */
export function encodeRecord({ producer, events }: JournalRecord): Buffer {
  const bodyBytes = events.map(({ body }) => Buffer.byteLength(body));
  const totalBytes = bodyBytes.reduce(
    (sum, bytes) => sum + eventHeadBytes + bytes,
    headBytes + producer.length,
  );
  const record = Buffer.allocUnsafe(totalBytes);
  record.writeUInt8(version, 0);
  record.writeUInt8(producer.length, 1);
  record.writeUInt32LE(events.length, 2);
  record.write(producer, headBytes, 'latin1');
  let offset = headBytes + producer.length;
  events.forEach(({ partition, sequence, timeMs, body }, index) => {
    record.writeUInt32LE(partition, offset);
    record.writeDoubleLE(sequence, offset + 4);
    record.writeDoubleLE(timeMs, offset + 12);
    record.writeUInt32LE(bodyBytes[index] ?? 0, offset + 20);
    offset += eventHeadBytes;
    offset += record.write(body, offset, 'utf8');
  });
  return record;
}

/** Decodes a record. @throws Error if the version is unknown or the bytes are incomplete. */
export function decodeRecord(record: Buffer): JournalRecord {
  const { producer, count } = readHead(record);
  const events: RecordedEvent[] = [];
  let offset = headBytes + producer.length;
  for (let index = 0; index < count; index += 1) {
    const bodyStart = offset + eventHeadBytes;
    const bodyEnd = bodyStart + record.readUInt32LE(offset + 20);
    if (bodyEnd > record.length) throw new Error('a journal record is truncated');
    events.push({
      partition: record.readUInt32LE(offset),
      sequence: record.readDoubleLE(offset + 4),
      timeMs: record.readDoubleLE(offset + 12),
      body: record.toString('utf8', bodyStart, bodyEnd),
    });
    offset = bodyEnd;
  }
  return { producer, events };
}

/** Returns the number of events in a record and the time of the first one, without reading the bodies. */
export function summariseRecord(record: Buffer): { count: number; firstTimeMs: number } {
  const { producer, count } = readHead(record);
  return { count, firstTimeMs: record.readDoubleLE(headBytes + producer.length + 12) };
}

/** Returns the producer of a record, its number of events, and the highest sequence in each partition. */
export function streamsOfRecord(record: Buffer): {
  producer: string;
  count: number;
  sequences: ReadonlyMap<number, number>;
} {
  const { producer, count } = readHead(record);
  const sequences = new Map<number, number>();
  let offset = headBytes + producer.length;
  for (let index = 0; index < count; index += 1) {
    // Sequences increase within a record.
    sequences.set(record.readUInt32LE(offset), record.readDoubleLE(offset + 4));
    offset += eventHeadBytes + record.readUInt32LE(offset + 20);
  }
  return { producer, count, sequences };
}

function readHead(record: Buffer): { producer: string; count: number } {
  if (record.readUInt8(0) !== version)
    throw new Error(`journal record of unknown version ${record.readUInt8(0)}`);
  const producerEnd = headBytes + record.readUInt8(1);
  return { producer: record.toString('latin1', headBytes, producerEnd), count: record.readUInt32LE(2) };
}
