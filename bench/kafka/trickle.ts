import { encodeSessionEvent } from '../../src/events/session-event.ts';
import { createIdentitySource, partitionOf } from '../../src/journal/log/identity.ts';
import { createKafkaTarget } from '../../src/journal/relay/kafka-target.ts';
import { createDrafts } from '../support/events.ts';
import { sleep } from '../support/processes.ts';
import { openKafka } from './client.ts';

const everyMs = 50;
const eventsEachTime = 30;

/** Sends several hundred events per second to a topic, with the current time, until it is stopped. */
export function startTrickle(brokers: readonly string[], topic: string, partitions: number) {
  const kafka = openKafka(brokers);
  const target = createKafkaTarget({ topic, compression: 'none' }, kafka);
  const identities = createIdentitySource();
  const nextDraft = createDrafts();
  let stopping = false;

  async function run(): Promise<void> {
    for (let position = 0; !stopping; position += eventsEachTime) {
      const timeMs = Date.now();
      const entries = Array.from({ length: eventsEachTime }, (_, index) => {
        const draft = nextDraft();
        const identity = identities.next(partitionOf(draft.sessionId, partitions));
        const body = encodeSessionEvent({ ...draft, ...identity, timeMs });
        return { ...identity, position: position + index, timeMs, body };
      });
      identities.confirm();
      await target.send(entries);
      await sleep(everyMs);
    }
    await target.reset();
  }

  const running = run();
  return {
    async stop(): Promise<void> {
      stopping = true;
      await running;
    },
  };
}
