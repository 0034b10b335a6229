import { createBackOff, retryUntilStopped } from '../../platform/background/retry.ts';
import { createSignal } from '../../platform/background/signal.ts';
import { waitAtMost } from '../../platform/background/time-limit.ts';
import type { Clock } from '../../platform/clock.ts';
import { reasonOf } from '../../platform/errors/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import type { ProducerRegistry } from './producer-registry.ts';

/** Registers the producers of a gateway. */
export interface Registration {
  /** Registers the first producer. @throws the error of the control store. */
  registerFirst(producer: string): Promise<void>;
  /**
   * Registers a producer that starts while the gateway runs. Retries until the control store responds. The promise
   * resolves after at most 2 s even without success, because the gateway must accept sessions without the control
   * store.
   */
  register(producer: string): Promise<void>;
  isRegistered(producer: string): boolean;
  /** Stops the retries. */
  stop(): Promise<void>;
}

export interface RegistrationDeps {
  readonly registry: Pick<ProducerRegistry, 'register'>;
  /** Name under which operators see the gateway. */
  readonly gateway: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const waitMs = 2000;

/** Creates the registration. A gateway that publishes watermarks registers each producer before its first event. */
export function createRegistration({ registry, gateway, clock, logger }: RegistrationDeps): Registration {
  const registered = new Set<string>();
  const stopping = createSignal();
  let isStopping = false;

  async function registerOnce(producer: string, atMs: number): Promise<void> {
    await registry.register(producer, gateway, atMs);
    registered.add(producer);
  }

  return {
    registerFirst: (producer) => registerOnce(producer, clock.nowMs()),
    async register(producer) {
      const atMs = clock.nowMs();
      const registering = retryUntilStopped(() => registerOnce(producer, atMs), {
        backOff: createBackOff({ firstMs: 100, lastMs: 5000 }),
        wait: stopping.wait,
        isStopped: () => isStopping,
        async onFailure(error) {
          logger.warn(
            { producer, reason: reasonOf(error) },
            'the producer could not be registered; it retries',
          );
        },
      });
      await waitAtMost(waitMs, registering);
    },
    isRegistered: (producer) => registered.has(producer),
    async stop() {
      isStopping = true;
      stopping.wake();
    },
  };
}
