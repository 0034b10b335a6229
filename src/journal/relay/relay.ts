import type { Watermark } from '../../events/watermark.ts';
import { createBackOff, retryUntilStopped } from '../../platform/background/retry.ts';
import { createSignal, type Signal } from '../../platform/background/signal.ts';
import { waitAtMost, withTimeLimit } from '../../platform/background/time-limit.ts';
import { messageOf } from '../../platform/errors/errors.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RelayFailpoint } from '../declarations/failpoints.ts';
import type { JournalMetrics } from '../declarations/metrics.ts';
import type { JournalEntry, JournalReader } from '../log/journal.ts';
import type { RelayWatermarks } from './relay-watermarks.ts';

/** The destination to which the relay sends events. */
export interface RelayTarget {
  /**
   * Sends each event to its partition, and keeps the order within each partition. Resolves after all in-sync replicas
   * have all events. After a rejection, some or all of the events may have arrived, so the relay sends all of them
   * again.
   */
  send(entries: readonly JournalEntry[]): Promise<void>;
  /** Sends each watermark to its partition, after the events that were sent before. Resolves and rejects like `send`. */
  sendWatermarks(watermarks: readonly Watermark[]): Promise<void>;
  /** Drops the connection. The next `send` opens a new one. */
  reset(): Promise<void>;
}

export interface RelayConfig {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** How long the relay collects events before the next send at low traffic. */
  readonly lingerMs: number;
  /** Time limit for a send. Without it, a send that kafkajs never settles would block the relay. */
  readonly sendTimeoutMs: number;
}

export interface RelayDeps {
  readonly journal: JournalReader;
  readonly target: RelayTarget;
  /** Omitted if this gateway publishes no watermarks. */
  readonly watermarks?: RelayWatermarks | undefined;
  readonly failpoint: Failpoint<RelayFailpoint>;
  readonly logger: Logger;
  readonly metrics: JournalMetrics;
}

export interface Relay {
  start(): void;
  /** Stops after the current send, waiting at most 4 s for it. Events that were not sent stay in the journal. */
  stop(): Promise<void>;
  /**
   * Moves back to the oldest event in the journal, so that the relay sends all of them again. Returns their number.
   */
  rewind(): number;
  /** Returns the reason why Kafka does not accept events, or undefined if it does. */
  trouble(): string | undefined;
  /** Returns when Kafka last accepted a send, in milliseconds of `performance.now`. */
  lastAcceptedMs(): number;
}

/**
 * Default values. `maxEvents` is limited, because kafkajs sorts the messages of a send by partition in quadratic
 * time.
 */
export const relayDefaults: RelayConfig = {
  maxEvents: 2000,
  maxBytes: 800 * 1024,
  lingerMs: 10,
  // Time limit for a send. It is longer than the sum of kafkajs's own time limits for a connection and a send.
  sendTimeoutMs: 60_000,
};

/**
 * Maximum time that the relay waits for events. It is not longer than the interval of watermarks, which are sent
 * between two waits.
 */
const idleWaitMs = 500;
const firstBackOffMs = 100;
const lastBackOffMs = 5000;
/** Maximum time that a stop or a disconnect waits for an unresponsive broker. */
const stopWithinMs = 4000;

interface RelayState extends RelayDeps {
  readonly wakeup: Signal;
  /** Position of the next event to send. */
  position: number;
  isStopping: boolean;
  /**
   * True after `stop` has waited long enough. A response that arrives later is ignored, because the journal may be
   * closed. The next start sends its events again.
   */
  isAbandoned: boolean;
  trouble: string | undefined;
  lastAcceptedMs: number;
}

/**
 * Creates a relay that sends the journal to Kafka in order (docs/explanation/delivery.md, section 3). Only one send
 * is in flight. A send that fails or has an unknown outcome is retried with the same events in the same order until
 * it succeeds. Each partition therefore contains the events of each producer as 1, 2, 3 and so on. Ranges can be
 * repeated, but none is missing.
 */
export function createRelay(config: RelayConfig, deps: RelayDeps): Relay {
  const { journal, target } = deps;
  const state: RelayState = {
    ...deps,
    wakeup: createSignal(),
    position: journal.startPosition(),
    isStopping: false,
    isAbandoned: false,
    trouble: undefined,
    lastAcceptedMs: Number.NEGATIVE_INFINITY,
  };
  let running: Promise<void> | undefined;

  return {
    start() {
      running ??= run(config, state);
    },
    async stop() {
      state.isStopping = true;
      state.wakeup.wake();
      await waitAtMost(
        stopWithinMs,
        (running ?? Promise.resolve()).then(() => sendLast(config, state)),
      );
      state.isAbandoned = true;
      await waitAtMost(stopWithinMs, target.reset());
    },
    rewind() {
      const before = state.position;
      state.position = journal.rewind();
      deps.watermarks?.resend();
      state.wakeup.wake();
      return before - state.position;
    },
    trouble: () => state.trouble,
    lastAcceptedMs: () => state.lastAcceptedMs,
  };
}

async function run(config: RelayConfig, state: RelayState): Promise<void> {
  const { maxEvents, lingerMs, sendTimeoutMs } = config;
  const { journal, target, wakeup } = state;
  while (!state.isStopping) {
    await Promise.race([journal.waitFor(state.position, idleWaitMs), wakeup.wait(idleWaitMs)]);
    const startPosition = state.position;
    const entries = nextEntries(config, state);
    if (entries.length > 0) {
      const isSent = await deliver(state, sendTimeoutMs, () => target.send(entries));
      if (!isSent || state.isAbandoned) continue;
      recordSent(state, startPosition, entries);
    }
    await sendWatermarks(config, state);
    if (entries.length > 0 && entries.length < maxEvents / 2 && !state.isStopping)
      await wakeup.wait(lingerMs);
  }
}

function nextEntries({ maxBytes, maxEvents }: RelayConfig, state: RelayState): readonly JournalEntry[] {
  return takeWithin(maxBytes, state.journal.read(state.position, maxEvents));
}

/** Records that Kafka has acknowledged the entries from `startPosition`. */
function recordSent(state: RelayState, startPosition: number, entries: readonly JournalEntry[]): void {
  state.failpoint('relay.sent');
  state.metrics.relayedEvents.inc(entries.length);
  state.watermarks?.noteSent(entries);
  // A rewind during the send moves the position back. An acknowledgement would undo the rewind.
  if (state.position !== startPosition) return;
  state.position = (entries.at(-1)?.position ?? state.position) + 1;
  state.journal.acknowledge(state.position);
}

/** Sends the watermarks that are due. */
async function sendWatermarks({ sendTimeoutMs }: RelayConfig, state: RelayState): Promise<void> {
  const due = state.watermarks?.due();
  if (due === undefined || due.watermarks.length === 0) return;
  const send = () => state.target.sendWatermarks(due.watermarks);
  if (await deliver(state, sendTimeoutMs, send)) due.acknowledge();
}

/**
 * Tries once to send the remaining events and the final watermarks. If this fails, they are sent after the next
 * start.
 */
async function sendLast(config: RelayConfig, state: RelayState): Promise<void> {
  const { watermarks, target } = state;
  if (watermarks === undefined || state.trouble !== undefined) return;
  try {
    await watermarks.end();
    const entries = nextEntries(config, state);
    if (entries.length > 0) {
      await target.send(entries);
      recordSent(state, state.position, entries);
    }
    const last = watermarks.last();
    if (last !== undefined) await target.sendWatermarks(last.watermarks);
  } catch (error) {
    state.logger.warn(
      { err: error },
      'Kafka did not accept the last events and watermarks; the next start sends them',
    );
  }
}

/** Sends and retries until the send succeeds. Resolves to false if the relay stops first. */
async function deliver(
  state: RelayState,
  sendTimeoutMs: number,
  send: () => Promise<void>,
): Promise<boolean> {
  const { target, wakeup, logger } = state;
  const result = await retryUntilStopped(() => withTimeLimit(sendTimeoutMs, send()), {
    backOff: createBackOff({ firstMs: firstBackOffMs, lastMs: lastBackOffMs }),
    wait: wakeup.wait,
    isStopped: () => state.isStopping,
    async onFailure(error) {
      noteTrouble(state, error);
      await waitAtMost(stopWithinMs, target.reset());
    },
  });
  if (result.kind === 'stopped') return false;
  if (state.trouble !== undefined) logger.info('Kafka accepts events again');
  state.trouble = undefined;
  state.lastAcceptedMs = performance.now();
  return true;
}

function noteTrouble(state: RelayState, error: unknown): void {
  state.metrics.relayErrors.inc();
  if (state.trouble === undefined)
    state.logger.error({ err: error }, 'Kafka does not accept events; they wait in the journal');
  state.trouble = `Kafka does not accept events; they wait in the journal: ${messageOf(error)}`;
}

/** Returns the first entries whose bodies fit into `maxBytes`, but at least one entry. */
function takeWithin(maxBytes: number, entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let bytes = 0;
  const firstExcess = entries.findIndex(({ body }, index) => {
    bytes += Buffer.byteLength(body);
    return bytes > maxBytes && index > 0;
  });
  return firstExcess === -1 ? entries : entries.slice(0, firstExcess);
}
