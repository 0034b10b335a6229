import { createHash } from 'node:crypto';
import { importProducerPrefix } from '../../src/events/import-producer.ts';

/**
 * Identifies an import: a file that is imported into an organisation. If two organisations import the same file,
 * these are two imports.
 */
export interface ImportSource {
  readonly organisationId: string;
  /** SHA-256 of the file, as 64 lowercase hex digits. */
  readonly digest: string;
}

/** Producer and partition of the events that an import stores. */
export interface ImportStream {
  readonly producer: string;
  readonly partition: number;
}

/**
 * First partition that only imports use. A message from Kafka with this partition or a higher one is unreadable
 * (src/events/decode-session-event.ts), so it cannot belong to the stream of an import.
 */
const firstImportPartition = 2 ** 31;
const importPartitions = 2 ** 30;

/**
 * Returns the producer and partition of an import. They depend only on the organisation and the file. A repeated
 * import therefore has the same event identities, and the ledger shows which rows are already stored.
 */
export function importStreamOf({ organisationId, digest }: ImportSource): ImportStream {
  const hash = sha256(`import\n${organisationId}\n${digest}`);
  return {
    producer: `${importProducerPrefix}${hash.toString('hex').slice(0, 32)}`,
    partition: firstImportPartition + (hash.readUInt32BE(28) % importPartitions),
  };
}

/**
 * Returns a session id for a row without one, as a UUIDv8 (RFC 9562, 5.8). A row has the same session id in every
 * import of its file.
 */
export function sessionIdOf(producer: string, row: number): string {
  const bytes = sha256(`session\n${producer}\n${row}`).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
