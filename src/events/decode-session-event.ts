import { readCanonicalEvent } from './fast-decode.ts';
import { maxTagCodePoints, maxTags, type SessionEvent, sessionEventType } from './session-event.ts';

export type DecodedEvent =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  /** A message that no consumer can decode. The sink stores it as a dead letter with this reason. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /**
   * A message of a newer version. It does not become a dead letter, because watmeter can read it after an upgrade.
   */
  | { readonly kind: 'newer-version'; readonly type: string };

/**
 * Bounds of an event's time. They are fixed instead of relative to the current time, so a message always decodes to
 * the same result. The upper bound also keeps times in the range of ClickHouse's DateTime.
 */
const earliestMs = Date.UTC(2015, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

const sourceShape = /^\/gateways\/([A-Za-z0-9._-]{1,64})$/;
const sequenceShape = /^[1-9]\d{0,15}$/;
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idShape = /^[A-Za-z0-9._-]{1,64}$/;
const viewerShape = /^[0-9a-f]{32}$/;
const typeShape = /^io\.watmeter\.session\.started\.v(\d{1,6})$/;
const timeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

type Members = Readonly<Record<string, unknown>>;

/**
 * Decodes a message. It validates every member that becomes part of a row and ignores unknown members. The
 * result depends only on the message.
 */
export function decodeSessionEvent(body: string): DecodedEvent {
  return decodeCanonical(body) ?? decodeParsed(body);
}

/**
 * Decodes a valid event in canonical form (the exact output of `encodeSessionEvent`). Returns undefined for any other
 * message. `decodeParsed` then decodes it or finds the reason why it is unreadable.
 */
function decodeCanonical(body: string): DecodedEvent | undefined {
  const canonical = readCanonicalEvent(body);
  if (canonical === undefined) return undefined;
  const { sessionId, producer, configurationId, partition, organisationId, tags, viewer } = canonical;
  const timeMs = parseTime(canonical.time);
  const sequence = parseSequence(canonical.sequence);
  if (timeMs === undefined || sequence === undefined || !areTags(tags)) return undefined;
  // The members are listed, because a spread costs as much time as the rest of this function.
  const event = {
    producer,
    partition,
    sequence,
    timeMs,
    tags: distinct(tags),
    sessionId,
    configurationId,
    organisationId,
    viewer,
  };
  return { kind: 'event', event };
}

function decodeParsed(body: string): DecodedEvent {
  const message = parseObject(body);
  if (message === undefined) return unreadable('not a JSON object');
  const version = typeShape.exec(text(message['type']));
  if (version === null) return unreadable('unknown type');
  if (Number(version[1]) > 1) return { kind: 'newer-version', type: text(message['type']) };
  if (message['specversion'] !== '1.0' || message['type'] !== sessionEventType)
    return unreadable('unknown version');
  return readMembers(message);
}

function readMembers(message: Members): DecodedEvent {
  const data = asObject(message['data']) ?? {};
  const timeMs = parseTime(message['time']);
  const producer = sourceShape.exec(text(message['source']))?.[1];
  const sequence = parseSequence(message['sequence']);
  const partition = message['streampartition'];
  const tags = data['tags'];

  if (!uuidShape.test(text(message['id']))) return unreadable('id is not a UUID');
  if (producer === undefined) return unreadable('source names no producer');
  if (sequence === undefined) return unreadable('sequence is not a positive integer');
  if (!isPartition(partition)) return unreadable('streampartition is not a partition number');
  if (!idShape.test(text(message['subject']))) return unreadable('subject names no configuration');
  if (timeMs === undefined) return unreadable('time is not an instant between 2015 and 2100');
  if (!idShape.test(text(data['organisationId']))) return unreadable('data.organisationId is missing');
  if (!areTags(tags)) return unreadable('data.tags are not up to 64 tags');
  if (!viewerShape.test(text(data['viewer']))) return unreadable('data.viewer is not a pseudonym');
  return {
    kind: 'event',
    event: {
      producer,
      partition,
      sequence,
      timeMs,
      tags: distinct(tags),
      sessionId: text(message['id']),
      configurationId: text(message['subject']),
      organisationId: text(data['organisationId']),
      viewer: text(data['viewer']),
    },
  };
}

/** Removes duplicate tags, because a session with a duplicate tag would count twice for this tag. */
function distinct(tags: string[]): string[] {
  return tags.some((tag, index) => tags.indexOf(tag) !== index) ? [...new Set(tags)] : tags;
}

function unreadable(reason: string): DecodedEvent {
  return { kind: 'unreadable', reason };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseObject(body: string): Members | undefined {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

/**
 * Parses a sequence number. A number has only one valid spelling, because two spellings would be two identities of
 * the same event.
 */
function parseSequence(value: unknown): number | undefined {
  const sequence = sequenceShape.test(text(value)) ? Number(value) : undefined;
  return Number.isSafeInteger(sequence) ? sequence : undefined;
}

function parseTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || !timeShape.test(value)) return undefined;
  const timeMs = Date.parse(value);
  if (!(timeMs >= earliestMs && timeMs < latestMs)) return undefined;
  // Date.parse reads 30 February as 2 March, and 24:00 as 00:00 of the next day. Both are rejected here.
  return new Date(timeMs).getUTCDate() === Number(value.slice(8, 10)) ? timeMs : undefined;
}

function isPartition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function areTags(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= maxTags && value.every(isTag);
}

function isTag(value: unknown): boolean {
  // The UTF-16 length is checked first, so that a long text is rejected without counting its code points.
  if (typeof value !== 'string' || value === '' || value.length > 2 * maxTagCodePoints) return false;
  // An unpaired surrogate has no UTF-8 encoding. The store would reject its batch on every retry.
  if (!value.isWellFormed()) return false;
  return value.length <= maxTagCodePoints || [...value].length <= maxTagCodePoints;
}
