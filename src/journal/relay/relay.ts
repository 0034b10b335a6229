import { createBackOff, retryUntilStopped } from '../../platform/background/retry.ts';
import { createWakeup } from '../../platform/background/signal.ts';
import { atMost } from '../../platform/background/time-limit.ts';
import { messageOf } from '../../platform/errors/errors.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
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
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'relayedEvents' | 'relayErrors'>;
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

/**
 * Carries the journal to Kafka (docs/explanation/delivery.md, 3): in order, one send in flight. A failed or unknown send is
 * repeated with the same events in the same order for as long as it takes, so a partition holds each producer's
 * events as 1, 2, 3 ... with stretches repeated, never with one left out.
 */
export function createRelay(config: RelayConfig, deps: RelayDeps): Relay {
  const { journal, target, failpoint, logger, metrics } = deps;
  const wakeup = createWakeup();
  let position = journal.startPosition();
  let stopping = false;
  /** What is answered now comes too late: the journal may be closed. It will be sent again, which changes nothing. */
  let abandoned = false;
  let running: Promise<void> | undefined;
  let trouble: string | undefined;

  async function run(): Promise<void> {
    while (!stopping) {
      await Promise.race([journal.waitFor(position, idleWaitMs), wakeup.wait(idleWaitMs)]);
      const from = position;
      const entries = takeWithin(config.maxBytes, journal.read(from, config.maxEvents));
      if (entries.length === 0 || !(await deliver(entries)) || abandoned) continue;
      failpoint('relay.sent');
      metrics.relayedEvents.inc(entries.length);
      // Else a rewind came meanwhile: it stands.
      if (position === from) acknowledge(entries);
      if (entries.length < config.maxEvents / 2 && !stopping) await wakeup.wait(config.lingerMs);
    }
  }

  function acknowledge(entries: readonly JournalEntry[]): void {
    position = (entries.at(-1)?.position ?? position) + 1;
    journal.acknowledge(position);
  }

  /** Resolves to false when the relay stops before the events are through. */
  async function deliver(entries: readonly JournalEntry[]): Promise<boolean> {
    const result = await retryUntilStopped(() => target.send(entries), {
      backOff: createBackOff({ firstMs: firstBackOffMs, lastMs: lastBackOffMs }),
      wait: wakeup.wait,
      isStopped: () => stopping,
      async onFailure(error) {
        noteTrouble(error);
        await target.reset();
      },
    });
    if (result.kind === 'stopped') return false;
    if (trouble !== undefined) logger.info('Kafka takes events again');
    trouble = undefined;
    return true;
  }

  function noteTrouble(error: unknown): void {
    metrics.relayErrors.inc();
    if (trouble === undefined)
      logger.error({ err: error }, 'Kafka does not take events: they wait in the journal');
    trouble = `Kafka does not take events, they wait in the journal: ${messageOf(error)}`;
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping = true;
      wakeup.wake();
      await atMost(stopWithinMs, running ?? Promise.resolve());
      abandoned = true;
      await atMost(stopWithinMs, target.reset());
    },
    rewind() {
      const before = position;
      position = journal.rewind();
      wakeup.wake();
      return before - position;
    },
    trouble: () => trouble,
  };
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
