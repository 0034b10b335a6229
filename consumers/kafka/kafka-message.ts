import type { EventIdentity } from '../../src/events/session-event.ts';
import { type WatermarkHeaders, watermarkHeaders } from '../../src/events/watermark.ts';
import type { KafkaMessage } from '../../src/platform/kafka/client.ts';
import type { SourceMessage } from '../sources/source.ts';

type Headers = NonNullable<KafkaMessage['headers']>;

/**
 * Converts a Kafka message to the form that the sink reads (docs/reference/session-event.md).
 *
 * Tens of thousands of messages can wait in memory, and the garbage collector copies their contents. Therefore the
 * body is decoded only when it is read, and headers that contain only the event identity are dropped
 * (docs/performance.md).
 */
export function toSourceMessage({ offset, value, headers = {} }: KafkaMessage): SourceMessage {
  const identity = identityOf(headers);
  const isFromRelay = identity !== undefined && hasOnlyRelayHeaders(headers);
  return new KafkaSourceMessage(
    Number(offset),
    identity,
    value ?? noBytes,
    isFromRelay ? undefined : headers,
  );
}

const noBytes = Buffer.alloc(0);
const relayContentType = 'application/cloudevents+json';

class KafkaSourceMessage implements SourceMessage {
  readonly position: number;
  readonly identity: EventIdentity | undefined;
  readonly rawBody: Buffer;
  /**
   * Undefined if the message has only the headers that a relay sends with every message. `headers` then recreates
   * them.
   */
  readonly #headers: Headers | undefined;

  constructor(
    position: number,
    identity: EventIdentity | undefined,
    rawBody: Buffer,
    headers: Headers | undefined,
  ) {
    this.position = position;
    this.identity = identity;
    this.rawBody = rawBody;
    this.#headers = headers;
  }

  get body(): string {
    return this.rawBody.toString('utf8');
  }

  get watermark(): WatermarkHeaders | undefined {
    const headers = this.#headers;
    if (headers === undefined || this.identity !== undefined) return undefined;
    if (headers[watermarkHeaders.producer] === undefined) return undefined;
    return {
      producer: textOf(headers[watermarkHeaders.producer]),
      partition: textOf(headers[watermarkHeaders.partition]),
      sequence: textOf(headers[watermarkHeaders.sequence]),
    };
  }

  get headers(): string {
    if (this.#headers !== undefined) return headersText(this.#headers);
    const { producer, partition, sequence } = this.identity ?? {};
    return headersText({
      'content-type': relayContentType,
      'wm-producer': String(producer),
      'wm-partition': String(partition),
      'wm-sequence': String(sequence),
    });
  }
}

/** Returns whether the headers are exactly the four that src/journal/relay/kafka-target.ts sends. */
function hasOnlyRelayHeaders(headers: Headers): boolean {
  let count = 0;
  for (const _ in headers) count += 1;
  return count === 4 && textOf(headers['content-type']) === relayContentType;
}

function identityOf(headers: Headers): EventIdentity | undefined {
  const producer = textOf(headers['wm-producer']);
  const partition = textOf(headers['wm-partition']);
  const sequence = textOf(headers['wm-sequence']);
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(producer)) return undefined;
  if (!/^(0|[1-9]\d{0,8})$/.test(partition) || !/^[1-9]\d{0,15}$/.test(sequence)) return undefined;
  if (!Number.isSafeInteger(Number(sequence))) return undefined;
  return { producer, partition: Number(partition), sequence: Number(sequence) };
}

function textOf(header: Headers[string]): string {
  return Buffer.isBuffer(header) ? header.toString('latin1') : '';
}

function headersText(headers: Headers): string {
  const texts = Object.entries(headers).map(([name, header]) => [name, [header].flat().map(String)] as const);
  return JSON.stringify(Object.fromEntries(texts));
}
