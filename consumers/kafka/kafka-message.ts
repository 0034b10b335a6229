import type { EventIdentity } from '../../src/events/session-event.ts';
import type { KafkaMessage } from '../../src/platform/kafka/client.ts';
import type { SourceMessage } from '../sources/source.ts';

type Headers = NonNullable<KafkaMessage['headers']>;

/**
 * A Kafka message as the sink takes it (docs/reference/session-event.md). Tens of thousands wait to be stored, and what they hold
 * is copied by the garbage collector again and again: so the text is made where it is read, and of headers that say
 * nothing but the identity only the identity is kept (docs/performance.md).
 */
export function toSourceMessage({ offset, value, headers = {} }: KafkaMessage): SourceMessage {
  const identity = identityOf(headers);
  const isOwn = identity !== undefined && hasOwnHeadersOnly(headers);
  return new KafkaSourceMessage(Number(offset), identity, value ?? noBytes, isOwn ? undefined : headers);
}

const noBytes = Buffer.alloc(0);
const ownContentType = 'application/cloudevents+json';

class KafkaSourceMessage implements SourceMessage {
  readonly position: number;
  readonly identity: EventIdentity | undefined;
  readonly rawBody: Buffer;
  /** Undefined for those that a relay gives every message. */
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

  get headers(): string {
    if (this.#headers !== undefined) return headersText(this.#headers);
    const { producer, partition, sequence } = this.identity ?? {};
    return headersText({
      'content-type': ownContentType,
      'wm-producer': String(producer),
      'wm-partition': String(partition),
      'wm-sequence': String(sequence),
    });
  }
}

/** Together with an identity: the four headers of src/journal/relay/kafka-target.ts, and nothing else. */
function hasOwnHeadersOnly(headers: Headers): boolean {
  let count = 0;
  for (const _ in headers) count += 1;
  return count === 4 && textOf(headers['content-type']) === ownContentType;
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
