/**
 * The one message between gateway and consumers: a CloudEvents 1.0 event in structured JSON
 * (docs/reference/session-event.md). Everything here is pure.
 */

export const sessionEventType = 'io.watmeter.session.started.v1';

/** An event's place in the numbered stream, given once, when it is accepted (docs/explanation/delivery.md, 1). */
export interface EventIdentity {
  /** The gateway process that accepted it. */
  readonly producer: string;
  readonly partition: number;
  /** 1, 2, 3 ... per producer and partition, without holes. */
  readonly sequence: number;
}

/** What a session is before the journal gives it its identity and time. */
export interface SessionDraft {
  /** UUIDv7. */
  readonly sessionId: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly tags: readonly string[];
  /** Pseudonym of the subject: HMAC-SHA-256 under the organisation's key, 32 hex digits. */
  readonly viewer: string;
}

export interface SessionEvent extends SessionDraft, EventIdentity {
  /** When the exchange was accepted, by the gateway's clock; epoch milliseconds, UTC. */
  readonly timeMs: number;
}

export const maxTags = 64;
export const maxTagCodePoints = 128;

/** The JSON text of an event. What is one of ours (ids, times, numbers) needs no escaping; tags and names do. */
export function encodeSessionEvent(event: SessionEvent): string {
  return (
    `${encodedStart(event.sessionId)}",` +
    `"source":"/gateways/${event.producer}","subject":${JSON.stringify(event.configurationId)},` +
    `"time":"${new Date(event.timeMs).toISOString()}","datacontenttype":"application/json",` +
    `"sequence":"${event.sequence}","streampartition":${event.partition},` +
    `"data":{"organisationId":${JSON.stringify(event.organisationId)},"tags":${JSON.stringify(event.tags)},` +
    `"viewer":"${event.viewer}"}}`
  );
}

const idStart = encodedStart('').length;
const idLength = 36;

function encodedStart(sessionId: string): string {
  return `{"specversion":"1.0","type":"${sessionEventType}","id":"${sessionId}`;
}

/** Returns the session id of an event that `encodeSessionEvent` encoded. */
export function sessionIdOf(body: string): string {
  return body.slice(idStart, idStart + idLength);
}
