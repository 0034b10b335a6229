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

describe('a body that is not UTF-8', () => {
  const message = { position: 1, identity, body: latin1.toString('utf8'), rawBody: latin1, headers: '{}' };

  it('is unreadable, although its text with replacement characters would pass', () => {
    expect(readMessage({ body: message.body })).toMatchObject({ kind: 'event' });
    expect(readMessage(message)).toEqual({ kind: 'unreadable', reason: 'not UTF-8' });
  });

  it('is kept byte for byte, and stays unreadable', () => {
    const letter = createDeadLetter(message, 'topic', 'not UTF-8');
    expect(letter.encoding).toBe('base64');
    expect(bytesOf(letter).equals(latin1)).toBe(true);
    expect(readLetter(letter)).toBe('not UTF-8');
  });

  it('of UTF-8 is kept as text', () => {
    const rawBody = Buffer.from(encodeSessionEvent(event));
    const letter = createDeadLetter({ ...message, rawBody, body: rawBody.toString() }, 'topic', 'r');
    expect(letter).toMatchObject({ encoding: 'utf-8', body: rawBody.toString() });
    expect(readLetter(letter)).toEqual(event);
  });
});

describe('a message whose headers contradict its body', () => {
  const beside = { ...identity, sequence: 8 };
  const message = { position: 1, identity: beside, body: encodeSessionEvent(event), headers: '{"a":"b"}' };
  const letter = createDeadLetterWithoutIdentity(message, 'topic', 'r');

  it('stands at no place of the stream, and keeps what its headers said', () => {
    expect(letter).toMatchObject({ producer: '', partition: 0, sequence: 0 });
    expect(letter.id).toMatch(/^[0-9a-f]{32}$/);
    expect(headerIdentityOf(letter)).toEqual(beside);
    expect(letter.headers).toContain('\\"a\\":\\"b\\"');
  });

  it('is not made a row by a replay', () => {
    expect(readLetter(letter)).toBe('the identities in body and headers differ');
  });
});

it('reads a letter without an identity beside it: the body says which event it is', () => {
  const message = { position: 1, identity: undefined, body: encodeSessionEvent(event), headers: 'no JSON {' };
  expect(readLetter(createDeadLetter(message, 'topic', 'r'))).toEqual(event);
});

it('leaves a letter of a newer version where it is', () => {
  const body = encodeSessionEvent(event).replace('started.v1', 'started.v2');
  const message = { position: 1, identity, body, headers: '{}' };
  expect(readLetter(createDeadLetter(message, 'topic', 'r'))).toContain('needs a newer watmeter');
});
