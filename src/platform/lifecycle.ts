import type { Logger } from './logger.ts';

/** A part of a process that can be started and stopped. */
export interface Component {
  readonly name: string;
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

export interface Lifecycle {
  /**
   * Starts the components in the given order. If one fails, stops those that have started and throws the failed
   * component's error.
   */
  start(): Promise<void>;
  /** Stops the components in reverse order. A failure to stop is logged, and the other components still stop. */
  stop(): Promise<void>;
  /** Returns the name of the component that is stopping now, to explain why a shutdown takes too long. */
  stoppingPart(): string | undefined;
}

/** Creates the lifecycle of a process's components. */
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
