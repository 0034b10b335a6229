/**
 * The event that gateways send to consumers: a CloudEvents 1.0 event in structured JSON
 * (docs/reference/session-event.md). All functions are pure.
 */

export const sessionEventType = 'io.watmeter.session.started.v1';

/**
 * Identity of an event. The journal assigns the identity when it accepts the event, and the identity never changes
 * (docs/explanation/delivery.md, section 1).
 */
export interface EventIdentity {
  /**
   * Random id of the producer that accepted the event. A gateway becomes a new producer at each start, after a failed
   * commit, and after its clock has stepped back.
   */
  readonly producer: string;
  readonly partition: number;
  /** Consecutive number, starting at 1, per producer and partition. */
  readonly sequence: number;
}

/** A session before the journal assigns an identity and a time to it. */
export interface SessionDraft {
  /** UUIDv7 that identifies the session. */
  readonly sessionId: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly tags: readonly string[];
  /** Pseudonym of the subject: HMAC-SHA-256 with the organisation's key, 32 hex digits. */
  readonly viewer: string;
}

export interface SessionEvent extends SessionDraft, EventIdentity {
  /** When the gateway accepted the session, by the gateway's clock, in epoch milliseconds. */
  readonly timeMs: number;
}

export const maxTags = 64;
export const maxTagCodePoints = 128;

/**
 * Encodes an event as JSON text. Generated values (UUIDs, times, numbers) need no escaping; other values are
 * escaped.
 */
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
