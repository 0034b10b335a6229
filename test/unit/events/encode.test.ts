import { expect, it } from 'vitest';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';

const event = {
  producer: '6f1e2d3c-0000-4000-8000-000000000001',
  partition: 3,
  sequence: 9_007_199_254_740_991,
  timeMs: Date.UTC(2026, 10, 21, 8, 43, 52, 178),
  sessionId: '0199a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b',
  configurationId: 'summer-campaign',
  organisationId: 'default',
  tags: ['newsletter', 'häuser "und" \\ mehr'],
  viewer: '0123456789abcdef0123456789abcdef',
} as const;

it('encodeSessionEvent returns the CloudEvents 1.0 message that docs/reference/session-event.md documents', () => {
  expect(JSON.parse(encodeSessionEvent(event))).toStrictEqual({
    specversion: '1.0',
    type: 'io.watmeter.session.started.v1',
    id: '0199a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b',
    source: '/gateways/6f1e2d3c-0000-4000-8000-000000000001',
    subject: 'summer-campaign',
    time: '2026-11-21T08:43:52.178Z',
    datacontenttype: 'application/json',
    sequence: '9007199254740991',
    streampartition: 3,
    data: {
      organisationId: 'default',
      tags: ['newsletter', 'häuser "und" \\ mehr'],
      viewer: '0123456789abcdef0123456789abcdef',
    },
  });
});

it('encodeSessionEvent returns the same bytes in every version, because other programs hash and compare them', () => {
  const text =
    '{"specversion":"1.0","type":"io.watmeter.session.started.v1","id":"0199a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b",' +
    '"source":"/gateways/6f1e2d3c-0000-4000-8000-000000000001","subject":"summer-campaign",' +
    '"time":"2026-11-21T08:43:52.178Z","datacontenttype":"application/json","sequence":"9007199254740991",' +
    '"streampartition":3,"data":{"organisationId":"default",' +
    '"tags":["newsletter","häuser \\"und\\" \\\\ mehr"],"viewer":"0123456789abcdef0123456789abcdef"}}';
  expect(encodeSessionEvent(event)).toBe(text);
});

it('encodeSessionEvent uses member names of lower-case letters and digits, as CloudEvents requires', () => {
  const names = Object.keys(JSON.parse(encodeSessionEvent(event)));
  expect(names.filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
});

it('encodeSessionEvent ignores unknown members of its input', () => {
  const secretive = { ...event, sub: 'mary@example.com', webAccessToken: 'ey...' };
  expect(encodeSessionEvent(secretive)).toBe(encodeSessionEvent(event));
});
