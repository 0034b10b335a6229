/** Prefix of the producer of an import. The producers of gateways are UUIDs without a prefix. */
export const importProducerPrefix = 'import-';

/** Returns whether a producer belongs to an import of sessions from a file. */
export function isImportProducer(producer: string): boolean {
  return producer.startsWith(importProducerPrefix);
}
