import { defineSettings, setting } from '../../src/platform/settings/define-settings.ts';
import { duration, integer, text } from '../../src/platform/settings/setting-types.ts';

/** Settings for the sink and the consumer group. */
export const consumerSettings = defineSettings({
  SINK_LINGER: setting(duration(0, 60_000), {
    default: '200ms',
    doc: 'How long the sink collects events at low traffic. It collects up to twice as long when inserts are slow, and up to five times as long from 1,000 sessions per second. A lower value gives fresher data, a higher value fewer and larger inserts.',
  }),
  SINK_MAX_ROWS: setting(integer(1, 100_000), {
    default: '50000',
    doc: 'Maximum number of events in one insert. Inserts reach it when many events are waiting. A consumer of many partitions uses smaller inserts, because its partitions together keep at most 120,000 waiting events in memory.',
  }),
  KAFKA_GROUP: setting(text(), {
    default: 'watmeter',
    doc: 'Consumer group. Its members share the partitions.',
  }),
  KAFKA_SESSION_TIMEOUT: setting(duration(6000, 300_000), {
    default: '30s',
    doc: 'A consumer that sends no heartbeat for this long loses its partitions to other consumers.',
  }),
});
