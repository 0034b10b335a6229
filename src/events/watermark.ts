/**
 * The control message with which a gateway reports how many of its events are in Kafka
 * (docs/explanation/delivery.md). It has its own headers and no sequence, so that no reader mistakes it for an event.
 */

/**
 * States that every event which the producer accepted before `beforeMs` in this partition has this sequence or a
 * lower one.
 */
export interface Watermark {
  readonly producer: string;
  readonly partition: number;
  /** 0 if the producer has no event in this partition. */
  readonly sequence: number;
  readonly beforeMs: number;
  /** Number of partitions that the producer has used so far. They are the partitions 0 to `partitions - 1`. */
  readonly partitions: number;
  /** True if the producer has ended, so that it has no later events. */
  readonly final: boolean;
}

/** The headers of a watermark message, not validated. */
export interface WatermarkHeaders {
  readonly producer: string;
  readonly partition: string;
  readonly sequence: string;
}

/** Names of the headers in a watermark message. */
export const watermarkHeaders = {
  producer: 'wm-watermark-producer',
  partition: 'wm-watermark-partition',
  sequence: 'wm-watermark-sequence',
} as const;

const watermarkType = 'io.watmeter.watermark.v1';
const maxPartitions = 2 ** 31;

/** Encodes the body of a watermark: a CloudEvent 1.0 in JSON. */
export function encodeWatermark(watermark: Watermark): string {
  const { producer, partition, beforeMs, partitions, final } = watermark;
  const before = new Date(beforeMs).toISOString();
  return JSON.stringify({
    specversion: '1.0',
    type: watermarkType,
    id: `${producer}/${partition}/${beforeMs}${final ? '/final' : ''}`,
    source: `/gateways/${producer}`,
    time: before,
    datacontenttype: 'application/json',
    data: { before, final, partitions },
  });
}

/** Decodes a watermark from its headers and its body. Returns undefined if they are not a valid watermark. */
export function decodeWatermark(headers: WatermarkHeaders, body: string): Watermark | undefined {
  const { producer } = headers;
  const partition = decimal(headers.partition);
  const sequence = decimal(headers.sequence);
  const { type, source, data } = parse(body);
  if (type !== watermarkType || source !== `/gateways/${producer}`) return undefined;
  const { before, final, partitions } = data ?? {};
  const beforeMs = typeof before === 'string' ? Date.parse(before) : Number.NaN;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(producer) || partition === undefined || sequence === undefined)
    return undefined;
  if (!(beforeMs >= 0) || typeof final !== 'boolean' || !isPartitions(partitions)) return undefined;
  return { producer, partition, sequence, beforeMs, partitions, final };
}

interface Body {
  readonly type?: unknown;
  readonly source?: unknown;
  readonly data?: { readonly before?: unknown; readonly final?: unknown; readonly partitions?: unknown };
}

function parse(body: string): Body {
  try {
    const parsed = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function decimal(text: string): number | undefined {
  const value = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

function isPartitions(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < maxPartitions;
}
