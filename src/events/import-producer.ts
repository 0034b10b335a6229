/** Producers of imported sessions start with this. Other producers are random hex digits. */
export const importProducerPrefix = 'import-';

/** Returns whether a producer is an import of sessions from a file. */
export function isImportProducer(producer: string): boolean {
  return producer.startsWith(importProducerPrefix);
}
