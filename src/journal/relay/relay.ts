import { createBackOff, retryUntilStopped } from '../../platform/background/retry.ts';
import { createWakeup, type Wakeup } from '../../platform/background/signal.ts';
import { atMost } from '../../platform/background/time-limit.ts';
import { messageOf } from '../../platform/errors/errors.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RelayFailpoint } from '../declarations/failpoints.ts';
import type { JournalMetrics } from '../declarations/metrics.ts';
import type { JournalEntry, JournalReader } from '../log/journal.ts';

/** Where the relay sends to. */
export interface RelayTarget {
  /**
   * Sends events, each to its own partition, in this order within each. Resolves when every in-sync replica has
   * all of them. After a rejection some, all or none may be there: they are sent again, whole.
   */
  send(entries: readonly JournalEntry[]): Promise<void>;
  /** Drops the connection; the next `send` opens a new one. */
  reset(): Promise<void>;
}

export interface RelayConfig {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Gathers events for so long at low traffic. */
  readonly lingerMs: number;
}

export interface RelayDeps {
  readonly journal: JournalReader;
  readonly target: RelayTarget;
  readonly failpoint: Failpoint<RelayFailpoint>;
  readonly logger: Logger;
  readonly metrics: JournalMetrics;
}

export interface Relay {
  start(): void;
  /** Ends after the send that is under way, if Kafka answers soon. What was not sent stays in the journal. */
  stop(): Promise<void>;
  /** Sends again everything that the journal still has; answers how many events that are. */
  rewind(): number;
  /** Undefined when all is well; else why nothing gets through. */
  trouble(): string | undefined;
}

/** Not larger: kafkajs takes quadratic time to sort a send's messages by partition. */
export const relayDefaults: RelayConfig = { maxEvents: 2000, maxBytes: 800 * 1024, lingerMs: 10 };

const idleWaitMs = 1000;
const firstBackOffMs = 100;
const lastBackOffMs = 5000;
/** A broker that does not answer must not hold up a stop. */
const stopWithinMs = 4000;

interface RelayState extends RelayDeps {
  readonly wakeup: Wakeup;
  /** The next event to send. */
  position: number;
  isStopping: boolean;
  /** An answer now comes too late, since the journal may be closed. The events are sent again, which is safe. */
  isAbandoned: boolean;
  trouble: string | undefined;
}

/**
 * Carries the journal to Kafka (docs/explanation/delivery.md, 3): in order, one send in flight. A failed or unknown send is
 * repeated with the same events in the same order for as long as it takes, so a partition holds each producer's
 * events as 1, 2, 3 ... with stretches repeated, never with one left out.
 */
export function createRelay(config: RelayConfig, deps: RelayDeps): Relay {
  const { journal, target } = deps;
  const state: RelayState = {
    ...deps,
    wakeup: createWakeup(),
    position: journal.startPosition(),
    isStopping: false,
    isAbandoned: false,
    trouble: undefined,
  };
  let running: Promise<void> | undefined;

  return {
    start() {
      running ??= run(config, state);
    },
    async stop() {
      state.isStopping = true;
      state.wakeup.wake();
      await atMost(stopWithinMs, running ?? Promise.resolve());
      state.isAbandoned = true;
      await atMost(stopWithinMs, target.reset());
    },
    rewind() {
      const before = state.position;
      state.position = journal.rewind();
      state.wakeup.wake();
      return before - state.position;
    },
    trouble: () => state.trouble,
  };
}

async function run({ maxBytes, maxEvents, lingerMs }: RelayConfig, state: RelayState): Promise<void> {
  const { journal, failpoint, metrics, wakeup } = state;
  while (!state.isStopping) {
    await Promise.race([journal.waitFor(state.position, idleWaitMs), wakeup.wait(idleWaitMs)]);
    const from = state.position;
    const entries = takeWithin(maxBytes, journal.read(from, maxEvents));
    if (entries.length === 0 || !(await deliver(state, entries)) || state.isAbandoned) continue;
    failpoint('relay.sent');
    metrics.relayedEvents.inc(entries.length);
    // A rewind during the send moved the position, and it must not be undone.
    if (state.position === from) acknowledge(state, entries);
    if (entries.length < maxEvents / 2 && !state.isStopping) await wakeup.wait(lingerMs);
  }
}

function acknowledge(state: RelayState, entries: readonly JournalEntry[]): void {
  state.position = (entries.at(-1)?.position ?? state.position) + 1;
  state.journal.acknowledge(state.position);
}

/** Resolves to false when the relay stops before the events are through. */
async function deliver(state: RelayState, entries: readonly JournalEntry[]): Promise<boolean> {
  const { target, wakeup, logger } = state;
  const result = await retryUntilStopped(() => target.send(entries), {
    backOff: createBackOff({ firstMs: firstBackOffMs, lastMs: lastBackOffMs }),
    wait: wakeup.wait,
    isStopped: () => state.isStopping,
    async onFailure(error) {
      noteTrouble(state, error);
      await target.reset();
    },
  });
  if (result.kind === 'stopped') return false;
  if (state.trouble !== undefined) logger.info('Kafka takes events again');
  state.trouble = undefined;
  return true;
}

function noteTrouble(state: RelayState, error: unknown): void {
  state.metrics.relayErrors.inc();
  if (state.trouble === undefined)
    state.logger.error({ err: error }, 'Kafka does not take events: they wait in the journal');
  state.trouble = `Kafka does not take events, they wait in the journal: ${messageOf(error)}`;
}

/** As many as fit, at least one. */
function takeWithin(maxBytes: number, entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let bytes = 0;
  const tooMany = entries.findIndex(({ body }, index) => {
    bytes += Buffer.byteLength(body);
    return bytes > maxBytes && index > 0;
  });
  return tooMany === -1 ? entries : entries.slice(0, tooMany);
}
