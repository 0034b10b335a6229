import type { EventIdentity } from '../../src/events/session-event.ts';
import type { KafkaMessage } from '../../src/platform/kafka/client.ts';
import type { SourceMessage } from './source.ts';

/** A Kafka message as the sink takes it (docs/session-event.md). */
export function toSourceMessage({ offset, value, headers = {} }: KafkaMessage): SourceMessage {
  const bytes = value ?? Buffer.alloc(0);
  return {
    position: Number(offset),
    identity: identityOf(headers),
    body: bytes.toString('utf8'),
    rawBody: bytes,
    // Only a dead letter needs them.
    get headers() {
      return headersText(headers);
    },
  };
}

function identityOf(headers: NonNullable<KafkaMessage['headers']>): EventIdentity | undefined {
  const producer = textOf(headers['wm-producer']);
  const partition = textOf(headers['wm-partition']);
  const sequence = textOf(headers['wm-sequence']);
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(producer)) return undefined;
  if (!/^(0|[1-9]\d{0,8})$/.test(partition) || !/^[1-9]\d{0,15}$/.test(sequence)) return undefined;
  if (!Number.isSafeInteger(Number(sequence))) return undefined;
  return { producer, partition: Number(partition), sequence: Number(sequence) };
}

function textOf(header: NonNullable<KafkaMessage['headers']>[string]): string {
  return Buffer.isBuffer(header) ? header.toString('latin1') : '';
}

function headersText(headers: NonNullable<KafkaMessage['headers']>): string {
  const texts = Object.entries(headers).map(([name, header]) => [name, [header].flat().map(String)] as const);
  return JSON.stringify(Object.fromEntries(texts));
}
