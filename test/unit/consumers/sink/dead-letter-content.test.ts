import { describe, expect, it } from 'vitest';
import { bytesOf, headerIdentityOf } from '../../../../consumers/dead-letter/dead-letter.ts';
import { toSourceMessage } from '../../../../consumers/kafka/kafka-message.ts';
import { decideBatch } from '../../../../consumers/sink/batch.ts';
import { createJournalSource } from '../../../../consumers/sources/journal-source.ts';
import type { SourceMessage } from '../../../../consumers/sources/source.ts';
import { encodeSessionEvent } from '../../../../src/events/session-event.ts';
import type { JournalReader } from '../../../../src/journal/log/journal.ts';
import type { KafkaMessage } from '../../../../src/platform/kafka/client.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';

const event = sessionEvent({ sequence: 7, tags: ['caf\u00e9'] });
const identity = { producer: event.producer, partition: event.partition, sequence: 7 };
const body = Buffer.from(encodeSessionEvent(event));

/** Messages that become dead letters: the error, the identity in the headers and the body. */
const faults = [
  ['is unreadable', identity, Buffer.from('{"half":')],
  ['is unreadable and has no identity', undefined, Buffer.from('{"half":')],
  ['is not UTF-8', identity, Buffer.from(encodeSessionEvent(event), 'latin1')],
  ['is not UTF-8 and has no identity', undefined, Buffer.from(encodeSessionEvent(event), 'latin1')],
  ['has another identity in its headers', { ...identity, sequence: 8 }, body],
] as const;

type Identity = typeof identity;

function kafkaMessage(named: Identity | undefined, value: Buffer): SourceMessage {
  const headers = {
    'content-type': Buffer.from('application/cloudevents+json'),
    ...(named !== undefined && {
      'wm-producer': Buffer.from(named.producer),
      'wm-partition': Buffer.from(String(named.partition)),
      'wm-sequence': Buffer.from(String(named.sequence)),
    }),
  };
  return toSourceMessage({ offset: '41', key: null, value, headers } as unknown as KafkaMessage);
}

function letterOf(message: SourceMessage) {
  const [letter, ...others] = decideBatch(new Map(), [message], 'topic/0').deadLetters;
  if (letter === undefined || others.length > 0) throw new Error('expected one dead letter');
  return letter;
}

describe('the dead letter of a Kafka message', () => {
  it.each(faults)(
    'contains the bytes, headers and position of the message if the message %s',
    (_, named, value) => {
      const letter = letterOf(kafkaMessage(named, value));
      expect(bytesOf(letter).equals(value)).toBe(true);
      expect(letter).toMatchObject({ source: 'topic/0', position: 41 });
      expect(letter.headers).toContain('application/cloudevents+json');
      expect(headerIdentityOf(letter)).toEqual(named);
    },
  );
});

describe('the dead letter of a journal entry', () => {
  it.each([faults[0], faults[4]])(
    'contains the bytes and position of the entry if the entry %s',
    async (_, named, value) => {
      const entry = { ...identity, ...named, position: 41, timeMs: event.timeMs, body: value.toString() };
      const journal = { startPosition: () => 41, read: () => [entry] } as unknown as JournalReader;
      const [message] = await createJournalSource(journal).read(1);
      if (message === undefined) throw new Error('expected a message');
      const letter = letterOf(message);
      expect(bytesOf(letter).equals(value)).toBe(true);
      expect(letter).toMatchObject({ source: 'topic/0', position: 41 });
      expect(headerIdentityOf(letter)).toEqual(named);
    },
  );
});
