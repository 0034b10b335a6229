import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  createDeadLetter,
  createDeadLetterWithoutIdentity,
  headerIdentityOf,
} from '../../../../../consumers/dead-letter/dead-letter.ts';
import { readMessage } from '../../../../../consumers/dead-letter/read-message.ts';
import { readLetter } from '../../../../../consumers/recovery/repair/replay.ts';
import { encodeSessionEvent } from '../../../../../src/events/session-event.ts';
import { sessionEvent } from '../../../../support/arbitrary-events.ts';

const event = sessionEvent({ sequence: 7, tags: ['caf\u00e9'] });
const identity = { producer: event.producer, partition: event.partition, sequence: 7 };
const latin1 = Buffer.from(encodeSessionEvent(event), 'latin1');

describe('the body bytes of a message', () => {
  const message = { position: 1, identity, body: latin1.toString('utf8'), rawBody: latin1, headers: '{}' };

  it('are rejected as unreadable if they are not UTF-8, even if decoding with replacement characters gives a valid event', () => {
    expect(readMessage({ body: message.body })).toMatchObject({ kind: 'event' });
    expect(readMessage(message)).toEqual({ kind: 'unreadable', reason: 'not UTF-8' });
  });

  it('are stored unchanged if they are not UTF-8, and stay unreadable', () => {
    const letter = createDeadLetter(message, 'topic', 'not UTF-8');
    expect(letter.encoding).toBe('base64');
    expect(bytesOf(letter).equals(latin1)).toBe(true);
    expect(readLetter(letter)).toEqual({ kind: 'unreadable', reason: 'not UTF-8' });
  });

  it('are stored as text if they are UTF-8', () => {
    const rawBody = Buffer.from(encodeSessionEvent(event));
    const letter = createDeadLetter({ ...message, rawBody, body: rawBody.toString() }, 'topic', 'r');
    expect(letter).toMatchObject({ encoding: 'utf-8', body: rawBody.toString() });
    expect(readLetter(letter)).toEqual({ kind: 'event', event });
  });
});

describe('a message whose headers contradict its body', () => {
  const headerIdentity = { ...identity, sequence: 8 };
  const message = {
    position: 1,
    identity: headerIdentity,
    body: encodeSessionEvent(event),
    headers: '{"a":"b"}',
  };
  const letter = createDeadLetterWithoutIdentity(message, 'topic', 'r');

  it('becomes a dead letter without an identity, and its stored headers include the header identity', () => {
    expect(letter).toMatchObject({ producer: '', partition: 0, sequence: 0 });
    expect(letter.id).toMatch(/^[0-9a-f]{32}$/);
    expect(headerIdentityOf(letter)).toEqual(headerIdentity);
    expect(letter.headers).toContain('\\"a\\":\\"b\\"');
  });

  it('is not stored as an event when it is replayed', () => {
    expect(readLetter(letter)).toEqual({
      kind: 'unreadable',
      reason: 'the identities in body and headers differ',
    });
  });
});

it('a replay reads the identity from the body if the headers of the dead letter contain none', () => {
  const message = { position: 1, identity: undefined, body: encodeSessionEvent(event), headers: 'no JSON {' };
  expect(readLetter(createDeadLetter(message, 'topic', 'r'))).toEqual({ kind: 'event', event });
});

it('a dead letter with a newer event version is not replayed', () => {
  const body = encodeSessionEvent(event).replace('started.v1', 'started.v2');
  const message = { position: 1, identity, body, headers: '{}' };
  expect(readLetter(createDeadLetter(message, 'topic', 'r'))).toEqual({
    kind: 'unreadable',
    reason: expect.stringContaining('needs a newer watmeter'),
  });
});
