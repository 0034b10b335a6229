import { expect, it } from 'vitest';
import { toSourceMessage } from '../../../../consumers/kafka/kafka-message.ts';
import type { KafkaMessage } from '../../../../src/platform/kafka/client.ts';

const producer = '0f5c7f6e-7f4f-4d38-9c8a-0d6b8c1d2e3f';
/** As src/journal/relay/kafka-target.ts sends them. */
const ownHeaders = {
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

it('takes offset, identity and body', () => {
  const taken = message(ownHeaders, Buffer.from('{"tag":"Grüße"}'));
  expect(taken.position).toBe(41);
  expect(taken.identity).toEqual({ producer, partition: 3, sequence: 17 });
  expect(taken.body).toBe('{"tag":"Grüße"}');
});

it('takes a message without a value as an empty body', () => {
  expect(message(ownHeaders, null).body).toBe('');
});

it.each([
  ['of a relay', ownHeaders],
  ['with one more', { ...ownHeaders, traceparent: '00-1' }],
  ['with one less', { 'wm-producer': producer, 'wm-partition': '3', 'wm-sequence': '17' }],
  ['with another in place of one', { ...ownHeaders, 'content-type': 'text/plain' }],
  ['with no identity', { ...ownHeaders, 'wm-sequence': '017' }],
  [
    'of somebody else',
    { 'x-a': '1', 'x-b': '2', 'x-c': '3', 'content-type': 'application/cloudevents+json' },
  ],
  ['that are none', {}],
])('keeps headers %s as they were', (_, headers) => {
  const asLists = Object.entries(headers).map(([name, text]) => [name, [text]]);
  expect(JSON.parse(message(headers).headers)).toEqual(Object.fromEntries(asLists));
});
