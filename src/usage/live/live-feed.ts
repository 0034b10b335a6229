import { createSignal } from '../../platform/background/signal.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import { createLivePoll, type LivePollDeps } from './live-poll.ts';
import type { LiveFilter, LiveTick } from './ticks.ts';

/** A client of the feed. */
export interface LiveClient {
  /** API token of the client. One token can use at most a fifth of the places. */
  readonly tokenId: string;
  readonly filter: LiveFilter;
  /** The last second that the client has received. Undefined for a new client. */
  readonly after: number | undefined;
  /** Sends the next ticks. The list is empty after a second without news. */
  readonly send: (ticks: readonly LiveTick[]) => void;
  /** Closes the client's stream. */
  readonly end: () => void;
}

/** Polls the store once per second for all clients of the process. It does not poll without clients. */
export interface LiveFeed {
  /**
   * Adds a client and returns a function that removes it.
   * @throws AppError `too_many_live_clients`.
   */
  add(client: LiveClient): () => void;
  clients(): number;
  /** Closes all client streams. Resolves when no poll is running. */
  close(): Promise<void>;
}

export interface LiveFeedConfig {
  readonly maxClients: number;
}

const pollMs = 1000;
/** Delay between the end of a second and its poll. */
const pollOffsetMs = 50;

interface Place {
  readonly client: LiveClient;
  sentThrough: number | undefined;
}

/** Creates a feed that polls while it has clients. */
export function createLiveFeed({ maxClients }: LiveFeedConfig, deps: LivePollDeps): LiveFeed {
  const { clock } = deps;
  const places = new Set<Place>();
  const { recent, poll } = createLivePoll(deps);
  const wakeup = createSignal();
  let running: Promise<void> | undefined;
  let isClosed = false;

  async function run(): Promise<void> {
    recent.clear();
    while (places.size > 0 && !isClosed) {
      await poll();
      for (const place of [...places]) deliver(place);
      await wakeup.wait(pollMs - (clock.nowMs() % pollMs) + pollOffsetMs);
    }
    running = undefined;
  }

  function deliver(place: Place): void {
    const ticks = recent.ticksAfter(place.sentThrough, place.client.filter);
    place.sentThrough = ticks.at(-1)?.through ?? place.sentThrough;
    place.client.send(ticks);
  }

  function checkRoom(tokenId: string): void {
    const ofToken = [...places].filter(({ client }) => client.tokenId === tokenId).length;
    if (!isClosed && places.size < maxClients && ofToken < Math.ceil(maxClients / 5)) return;
    throw new AppError(usageErrors.too_many_live_clients, { retryAfterSeconds: 10 });
  }

  return {
    clients: () => places.size,
    add(client) {
      checkRoom(client.tokenId);
      const place: Place = { client, sentThrough: client.after };
      places.add(place);
      if (running === undefined) running = run();
      else deliver(place);
      return () => {
        places.delete(place);
        if (places.size === 0) wakeup.wake();
      };
    },
    async close() {
      isClosed = true;
      for (const { client } of [...places]) client.end();
      wakeup.wake();
      await running;
    },
  };
}
