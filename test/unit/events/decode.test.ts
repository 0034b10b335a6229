import { describe, expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../src/events/decode-session-event.ts';
import { encodeSessionEvent } from '../../../src/events/session-event.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';

type Members = Record<string, unknown>;
const good: Members & { data: Members } = JSON.parse(encodeSessionEvent(sessionEvent()));

function withMember(name: string, value: unknown): string {
  return JSON.stringify({ ...good, [name]: value });
}

function withData(name: string, value: unknown): string {
  return JSON.stringify({ ...good, data: { ...good.data, [name]: value } });
}

function reasonOf(body: string): string {
  const decoded = decodeSessionEvent(body);
  return decoded.kind === 'unreadable' ? decoded.reason : decoded.kind;
}

/** Invalid message members: the expected reason, the member, and invalid values of the member. */
const wrongMembers: readonly (readonly [reason: string, member: string, values: readonly unknown[]])[] = [
  [
    'unknown type',
    'type',
    [undefined, 1, '', 'io.watmeter.session.ended.v1', 'IO.WATMETER.SESSION.STARTED.V1'],
  ],
  ['unknown version', 'type', ['io.watmeter.session.started.v0', 'io.watmeter.session.started.v01']],
  ['unknown version', 'specversion', [undefined, '0.3', '2.0', 1]],
  ['id is not a UUID', 'id', [undefined, '', 1, '0199A0B1-C2D3-7E4F-8A5B-6C7D8E9F0A1B', `${good['id']}\n`]],
  [
    'source names no producer',
    'source',
    [undefined, '', 7, '/gateways/', '/gateways/a/b', `/gateways/${'a'.repeat(65)}`],
  ],
  [
    'source names no producer',
    'source',
    ['producer-1', 'gateways/producer-1', '/gateways//gateways/producer-1'],
  ],
  [
    'sequence is not a positive integer',
    'sequence',
    [undefined, 1, '', '0', '-1', '1.5', '9007199254740992', 'x'],
  ],
  ['sequence is not a positive integer', 'sequence', ['0x10', '1e3', ' 7', '7\n', '+7', '007', '1.0']],
  ['streampartition is not a partition number', 'streampartition', [undefined, '0', -1, 0.5, 2 ** 31, null]],
  ['subject names no configuration', 'subject', [undefined, '', 5, 'a b', "a'b", 'a'.repeat(65)]],
  ['time is not an instant between 2015 and 2100', 'time', [undefined, 1_700_000_000_000, '', 'yesterday']],
  [
    'time is not an instant between 2015 and 2100',
    'time',
    ['2014-12-31T23:59:59.999Z', '2100-01-01T00:00:00.000Z'],
  ],
  [
    'time is not an instant between 2015 and 2100',
    'time',
    ['2026-11-21T08:43:52', '2026-11-21T08:43:52+01:00'],
  ],
  [
    'time is not an instant between 2015 and 2100',
    'time',
    ['2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-11-21T24:00:00Z'],
  ],
];

const wrongData: typeof wrongMembers = [
  ['data.organisationId is missing', 'organisationId', [undefined, '', 1, 'a/b', 'a'.repeat(65)]],
  ['data.tags are not up to 64 tags', 'tags', [undefined, 'news', {}, [1], [''], [null], ['a', ['b']]]],
  [
    'data.tags are not up to 64 tags',
    'tags',
    [Array(65).fill('x'), ['x'.repeat(129)], ['\u{1f600}'.repeat(129)]],
  ],
  [
    'data.viewer is not a pseudonym',
    'viewer',
    [undefined, '', 'mary@example.com', 'A'.repeat(32), 'a'.repeat(33)],
  ],
];

describe('an unreadable message', () => {
  it.each(['', 'null', '7', '"text"', '[]', '{', '{}}', '\u0000'])(
    'is any body that is not a JSON object: %j',
    (body) => {
      expect(reasonOf(body)).toBe('not a JSON object');
    },
  );

  it.each(wrongMembers)('has the reason "%s" if %s is invalid', (reason, member, values) => {
    expect(values.map((value) => reasonOf(withMember(member, value)))).toEqual(values.map(() => reason));
  });

  it.each(wrongData)('has the reason "%s" if the data member %s is invalid', (reason, member, values) => {
    expect(values.map((value) => reasonOf(withData(member, value)))).toEqual(values.map(() => reason));
  });

  it.each([undefined, null, [], 'text'])(
    'is any message whose data is missing or not an object: %j',
    (data) => {
      expect(reasonOf(withMember('data', data))).toBe('data.organisationId is missing');
    },
  );
});

describe('a message of a newer version', () => {
  it.each(['v2', 'v10', 'v999999'])(
    'waits for an upgrade instead of becoming a dead letter: %s',
    (version) => {
      const type = `io.watmeter.session.started.${version}`;
      expect(decodeSessionEvent(withMember('type', type))).toEqual({ kind: 'newer-version', type });
    },
  );

  it('is recognised by its type, even if all other members are missing', () => {
    const type = 'io.watmeter.session.started.v2';
    expect(decodeSessionEvent(JSON.stringify({ type }))).toEqual({ kind: 'newer-version', type });
  });
});

describe('the limits of the event format', () => {
  it.each(['2015-01-01T00:00:00.000Z', '2099-12-31T23:59:59.999Z', '2028-02-29T23:59:59Z'])(
    'accept %s',
    (time) => {
      expect(decodeSessionEvent(withMember('time', time))).toMatchObject({
        event: { timeMs: Date.parse(time) },
      });
    },
  );

  it('accept times more precise than a millisecond, which the decoder truncates to milliseconds', () => {
    const decoded = decodeSessionEvent(withMember('time', '2026-11-21T08:43:52.178999999Z'));
    expect(decoded).toMatchObject({ event: { timeMs: Date.UTC(2026, 10, 21, 8, 43, 52, 178) } });
  });

  it('accept 64 tags of 128 code points each', () => {
    const tags = Array.from(
      { length: 64 },
      (_, index) => '\u{1f600}'.repeat(126) + String(index).padStart(2, '0'),
    );
    expect(decodeSessionEvent(withData('tags', tags))).toMatchObject({ event: { tags } });
  });

  it('accept partition 2^31 - 1 and the highest safe integer as a sequence', () => {
    const body = JSON.stringify({ ...good, streampartition: 2 ** 31 - 1, sequence: '9007199254740991' });
    expect(decodeSessionEvent(body)).toMatchObject({
      event: { partition: 2 ** 31 - 1, sequence: Number.MAX_SAFE_INTEGER },
    });
  });
});

describe('the tags of a message', () => {
  it('must not contain an unpaired surrogate, because UTF-8 cannot encode it and the store would reject the whole batch', () => {
    expect(reasonOf(withData('tags', ['\ud800x']))).toBe('data.tags are not up to 64 tags');
    expect(reasonOf(withData('tags', ['x\udc00']))).toBe('data.tags are not up to 64 tags');
  });

  it('are stored without duplicates', () => {
    expect(decodeSessionEvent(withData('tags', ['b', 'a', 'b']))).toMatchObject({
      event: { tags: ['b', 'a'] },
    });
  });
});
