import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { decodeWatermark, encodeWatermark, type Watermark } from '../../../src/events/watermark.ts';

const watermark: Watermark = {
  producer: '0f5c7f6e-7f4f-4d38-9c8a-0d6b8c1d2e3f',
  partition: 3,
  sequence: 17,
  beforeMs: Date.UTC(2026, 10, 30, 21, 20, 0, 5),
  partitions: 12,
  final: false,
};
const headers = { producer: watermark.producer, partition: '3', sequence: '17' };

it.each([watermark, { ...watermark, final: true }, { ...watermark, sequence: 0, partition: 0 }])(
  'decodes a watermark that it has encoded: %j',
  (encoded) => {
    const { producer, partition, sequence } = encoded;
    const texts = { producer, partition: String(partition), sequence: String(sequence) };
    expect(decodeWatermark(texts, encodeWatermark(encoded))).toEqual(encoded);
  },
);

it('encodes a CloudEvent that is not a session event', () => {
  const body = encodeWatermark(watermark);
  expect(JSON.parse(body)).toEqual({
    specversion: '1.0',
    type: 'io.watmeter.watermark.v1',
    id: `${watermark.producer}/3/${watermark.beforeMs}`,
    source: `/gateways/${watermark.producer}`,
    time: '2026-11-30T21:20:00.005Z',
    datacontenttype: 'application/json',
    data: { before: '2026-11-30T21:20:00.005Z', final: false, partitions: 12 },
  });
  expect(decodeSessionEvent(body)).toEqual({ kind: 'unreadable', reason: 'unknown type' });
});

it.each([
  ['a body that is not JSON', headers, '{'],
  ['a body that is not an object', headers, 'null'],
  ['another type', headers, encodeWatermark(watermark).replace('watermark.v1', 'watermark.v2')],
  ['data that is null', headers, encodeWatermark(watermark).replace(/"data":.*/, '"data":null}')],
  ['an unknown time', headers, encodeWatermark(watermark).replace('"before":"2026', '"before":"x')],
  [
    'no number of partitions',
    headers,
    encodeWatermark(watermark).replace('"partitions":12', '"partitions":0'),
  ],
  ['another producer in the headers', { ...headers, producer: 'other' }, encodeWatermark(watermark)],
  ['a partition that is not a number', { ...headers, partition: '03' }, encodeWatermark(watermark)],
  ['a negative sequence', { ...headers, sequence: '-1' }, encodeWatermark(watermark)],
])('rejects %s', (_, texts, body) => {
  expect(decodeWatermark(texts, body)).toBeUndefined();
});
