import { topicName } from '../../platform/kafka/topic-name.ts';
import { defineSettings, setting } from '../../platform/settings/define-settings.ts';
import { byteSize, dayMs, duration, hourMs, integer, oneOf } from '../../platform/settings/setting-types.ts';

/** Settings of the journal, its relay, and the topic that the relay writes. */
export const journalSettings = defineSettings({
  JOURNAL_LIMIT: setting(byteSize(1024 ** 2, 1024 ** 4), {
    default: '1GiB',
    doc: 'The most that the journal keeps. When this much waits to be stored, new sessions are refused with 503: none is granted uncounted.',
  }),
  JOURNAL_KEEP: setting(duration(0, 365 * dayMs), {
    default: '1d',
    doc: 'How long events stay in the journal after they were stored, within JOURNAL_LIMIT, so that they could be sent again.',
  }),
  KAFKA_TOPIC: setting(topicName(), {
    default: 'watmeter.sessions',
    doc: 'The topic of the sessions. `watmeter topics` makes it, or says what is wrong with it.',
  }),
  KAFKA_COMPRESSION: setting(oneOf('none', 'gzip'), {
    default: 'none',
    doc: 'How the relay compresses what it sends. `gzip` takes a sixth of the room and more CPU.',
  }),
  KAFKA_PARTITIONS: setting(integer(1, 1000), {
    default: '12',
    doc: 'Partitions that `watmeter topics` gives the topic: the most consumers that can share the work.',
  }),
  KAFKA_REPLICATION: setting(integer(1, 9), {
    default: '3',
    doc: 'Replicas of each partition that `watmeter topics` asks for.',
  }),
  KAFKA_MIN_IN_SYNC: setting(integer(1, 9), {
    default: '2',
    doc: 'Replicas that must have an event before it is acknowledged (min.insync.replicas), for `watmeter topics`.',
  }),
  KAFKA_RETENTION: setting(duration(hourMs, 3650 * dayMs), {
    default: '7d',
    doc: 'How long the topic keeps events, for `watmeter topics`.',
  }),
});
