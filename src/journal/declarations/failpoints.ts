/** Points in an append at which tests kill the process (docs/explanation/delivery.md). */
export const journalFailpoints = ['append.before', 'append.committed'] as const;

/** Points in the relay to Kafka at which tests kill the process. */
export const relayFailpoints = ['relay.sent'] as const;

export type JournalFailpoint = (typeof journalFailpoints)[number];
export type RelayFailpoint = (typeof relayFailpoints)[number];
