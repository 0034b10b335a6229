import type { Logger } from './logger.ts';

/** A part of a process that starts and stops. */
export interface Component {
  readonly name: string;
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

export interface Lifecycle {
  /** Starts in the order given; when one fails, stops those already started and throws its error. */
  start(): Promise<void>;
  /** Stops in reverse order. A part that fails to stop is logged and does not hold up the others. */
  stop(): Promise<void>;
  /** The part that is stopping just now: what a stop that takes too long waits for. */
  stoppingPart(): string | undefined;
}

export function createLifecycle(components: readonly Component[], logger: Logger): Lifecycle {
  let started: Component[] = [];
  let stoppingPart: string | undefined;

  async function stop(): Promise<void> {
    const toStop = started.reverse();
    started = [];
    for (const component of toStop) {
      stoppingPart = component.name;
      try {
        await component.stop?.();
      } catch (error) {
        logger.error({ err: error, component: component.name }, 'a component did not stop cleanly');
      }
    }
    stoppingPart = undefined;
  }

  return {
    stop,
    stoppingPart: () => stoppingPart,
    async start() {
      for (const component of components) {
        try {
          await component.start?.();
          started.push(component);
        } catch (error) {
          await stop();
          throw error;
        }
      }
    },
  };
}
