import { createHash } from 'node:crypto';
import { importProducerPrefix } from '../../src/events/import-producer.ts';

/** An imported file. Every organisation has its own import of a file. */
export interface ImportSource {
  readonly organisationId: string;
  /** SHA-256 of the file, 64 lowercase hex digits. */
  readonly digest: string;
}

/** Identifies the stream that an import writes. */
export interface ImportStream {
  readonly producer: string;
  readonly partition: number;
}

/** Partitions from here on are only for imports: an event from Kafka cannot have one (session-event.md). */
const firstImportPartition = 2 ** 31;
const importPartitions = 2 ** 30;

/**
 * Returns the stream of an import. It depends only on organisation and file, so that a repeated import writes the same
 * stream, and the sequence numbers show what is already stored.
 */
export function importStreamOf({ organisationId, digest }: ImportSource): ImportStream {
  const hash = sha256(`import\n${organisationId}\n${digest}`);
  return {
    producer: `${importProducerPrefix}${hash.toString('hex').slice(0, 32)}`,
    partition: firstImportPartition + (hash.readUInt32BE(28) % importPartitions),
  };
}

/** Returns the session id of a row that has none, as a UUIDv8 (RFC 9562, section 5.8). It is the same in every import. */
export function sessionIdOf(producer: string, row: number): string {
  const bytes = sha256(`session\n${producer}\n${row}`).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
