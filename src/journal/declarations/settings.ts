import { topicName } from '../../platform/kafka/topic-name.ts';
import { defineSettings, setting } from '../../platform/settings/define-settings.ts';
import { byteSize, dayMs, duration, hourMs, integer, oneOf } from '../../platform/settings/setting-types.ts';

/** Settings of the journal, the relay, and the topic to which the relay writes. */
export const journalSettings = defineSettings({
  JOURNAL_LIMIT: setting(byteSize(1024 ** 2, 1024 ** 4), {
    default: '1GiB',
    doc: 'Maximum size of the journal. When events that are not stored yet fill the journal, new sessions are rejected with 503, so that every session is counted.',
  }),
  JOURNAL_KEEP: setting(duration(0, 365 * dayMs), {
    default: '1d',
    doc: 'How long the journal keeps events after they leave it for Kafka or the table, so that they can be sent again. JOURNAL_LIMIT can shorten this time.',
  }),
  KAFKA_TOPIC: setting(topicName(), {
    default: 'watmeter.sessions',
    doc: 'Topic of the sessions. `npx watmeter topics` creates it, or reports how it differs from these settings.',
  }),
  KAFKA_COMPRESSION: setting(oneOf('none', 'gzip'), {
    default: 'none',
    doc: 'Compression of the messages that the relay sends. `gzip` needs a sixth of the space and more CPU.',
  }),
  KAFKA_PARTITIONS: setting(integer(1, 1000), {
    default: '12',
    doc: 'Number of partitions that `npx watmeter topics` creates: the maximum number of consumers that share the work.',
  }),
  KAFKA_REPLICATION: setting(integer(1, 9), {
    default: '3',
    doc: 'Number of replicas of each partition that `npx watmeter topics` creates.',
  }),
  KAFKA_MIN_IN_SYNC: setting(integer(1, 9), {
    default: '2',
    doc: 'Number of replicas that must have an event before Kafka acknowledges it (min.insync.replicas). Used by `npx watmeter topics`.',
  }),
  KAFKA_RETENTION: setting(duration(hourMs, 3650 * dayMs), {
    default: '7d',
    doc: 'How long the topic keeps events. Used by `npx watmeter topics`.',
  }),
});
