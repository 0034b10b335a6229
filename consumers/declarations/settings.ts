import { defineSettings, setting } from '../../src/platform/settings/define-settings.ts';
import { duration, integer, text } from '../../src/platform/settings/setting-types.ts';

/** Settings of the sink and of the consumer group. */
export const consumerSettings = defineSettings({
  SINK_LINGER: setting(duration(0, 60_000), {
    default: '200ms',
    doc: 'How long the sink gathers events at low traffic; up to twice as long when inserts are slow, up to five times from 1,000 sessions a second on. Lower is fresher, higher makes fewer and larger inserts.',
  }),
  SINK_MAX_ROWS: setting(integer(1, 100_000), {
    default: '50000',
    doc: 'The most events in one insert, when there is a backlog. Consumers of many partitions take less, within 120,000 that wait in memory.',
  }),
  KAFKA_GROUP: setting(text(), {
    default: 'watmeter',
    doc: 'The consumer group: its members share the partitions.',
  }),
  KAFKA_SESSION_TIMEOUT: setting(duration(6000, 300_000), {
    default: '30s',
    doc: 'After so long without a sign of life a consumer’s partitions go to others.',
  }),
});
