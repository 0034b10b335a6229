import { createSignal } from '../../platform/background/signal.ts';
import { AppError } from '../../platform/errors/errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import { createLivePoll, type LivePollDeps } from './live-poll.ts';
import type { LiveFilter, LiveTick } from './ticks.ts';

/** A client of the feed. */
export interface LiveClient {
  /** API token of the client. One API token can have at most a fifth of all clients. */
  readonly tokenId: string;
  readonly filter: LiveFilter;
  /** The last second that the client has received before it reconnected. Undefined for a new client. */
  readonly after: number | undefined;
  /** Sends the new ticks. The list is empty if a second brought none. */
  readonly send: (ticks: readonly LiveTick[]) => void;
  /** Closes the client's stream. */
  readonly end: () => void;
}

/** Reads the counts once per second for all live clients of the process. Without clients, nothing is read. */
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
/** Delay after the end of a second, before its sessions are read. */
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
