import { encodeSessionEvent } from '../../src/events/session-event.ts';
import { createIdentitySource, partitionOf } from '../../src/journal/log/identity.ts';
import type { JournalEntry } from '../../src/journal/log/journal.ts';
import { createKafkaTarget } from '../../src/journal/relay/kafka-target.ts';
import { createDrafts } from '../support/events.ts';
import { openKafka } from './client.ts';

/** Input of a process that fills a topic, as the relays of several gateways would. */
export interface FillInput {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly gateways: number;
  readonly count: number;
  /** Length of the period over which the event times are spread. The period ends now. */
  readonly spanMs: number;
}

const eventsPerSend = 2000;
const { brokers, topic, partitions, gateways, count, spanMs }: FillInput = JSON.parse(process.argv[2] ?? '');
const kafka = openKafka(brokers);
const target = createKafkaTarget({ topic, compression: 'none' }, kafka);
const identities = Array.from({ length: gateways }, () => createIdentitySource());
const nextDraft = createDrafts();
const startMs = Date.now() - spanMs;

let filled = 0;
for (let turn = 0; filled < count; turn += 1) {
  const size = Math.min(eventsPerSend, count - filled);
  const gateway = identities[turn % gateways] as (typeof identities)[number];
  const entries = Array.from({ length: size }, (_, index) => entryOf(gateway, filled + index));
  gateway.confirm();
  await target.send(entries);
  filled += size;
}
await target.reset();
process.stdout.write(JSON.stringify({ filled }));

function entryOf(gateway: (typeof identities)[number], position: number): JournalEntry {
  const draft = nextDraft();
  const identity = gateway.next(partitionOf(draft.sessionId, partitions));
  const timeMs = Math.floor(startMs + (spanMs * position) / count);
  const body = encodeSessionEvent({ ...draft, ...identity, timeMs });
  return { ...identity, position, timeMs, body };
}
