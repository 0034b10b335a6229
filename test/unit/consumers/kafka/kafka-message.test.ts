import { expect, it } from 'vitest';
import { toSourceMessage } from '../../../../consumers/kafka/kafka-message.ts';
import type { KafkaMessage } from '../../../../src/platform/kafka/client.ts';

const producer = '0f5c7f6e-7f4f-4d38-9c8a-0d6b8c1d2e3f';
/** The headers that src/journal/relay/kafka-target.ts sends. */
const relayHeaders = {
  'content-type': 'application/cloudevents+json',
  'wm-producer': producer,
  'wm-partition': '3',
  'wm-sequence': '17',
};

function message(headers: Readonly<Record<string, string>>, value: Buffer | null = Buffer.from('{}')) {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
  const fetched = { offset: '41', key: null, value, headers: Object.fromEntries(bytes) };
  return toSourceMessage(fetched as unknown as KafkaMessage);
}

it('toSourceMessage returns the offset, event identity and body of a Kafka message', () => {
  const converted = message(relayHeaders, Buffer.from('{"tag":"Grüße"}'));
  expect(converted.position).toBe(41);
  expect(converted.identity).toEqual({ producer, partition: 3, sequence: 17 });
  expect(converted.body).toBe('{"tag":"Grüße"}');
});

it('toSourceMessage returns an empty body for a Kafka message without a value', () => {
  expect(message(relayHeaders, null).body).toBe('');
});

it.each([
  ['of a relay', relayHeaders],
  ['with one more header', { ...relayHeaders, traceparent: '00-1' }],
  ['with one header less', { 'wm-producer': producer, 'wm-partition': '3', 'wm-sequence': '17' }],
  ['with another content type', { ...relayHeaders, 'content-type': 'text/plain' }],
  ['without a valid identity', { ...relayHeaders, 'wm-sequence': '017' }],
  [
    'of another producer',
    { 'x-a': '1', 'x-b': '2', 'x-c': '3', 'content-type': 'application/cloudevents+json' },
  ],
  ['of a message without any', {}],
])('toSourceMessage copies all headers of a Kafka message unchanged (headers %s)', (_, headers) => {
  const asLists = Object.entries(headers).map(([name, text]) => [name, [text]]);
  expect(JSON.parse(message(headers).headers)).toEqual(Object.fromEntries(asLists));
});
