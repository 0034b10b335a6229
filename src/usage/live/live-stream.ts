import { Readable } from 'node:stream';
import type { LiveFeed } from './live-feed.ts';
import type { LiveFilter, LiveTick } from './ticks.ts';

/** A client's request for the live stream, and its limits. */
export interface LiveStreamRequest {
  readonly tokenId: string;
  readonly filter: LiveFilter;
  /** Value of the header `Last-Event-ID`. Undefined if the request does not have it. */
  readonly lastEventId: string | undefined;
  readonly seconds: number;
  /** Returns whether the credential of the request is still valid. */
  readonly isStillAllowed: () => Promise<boolean>;
  /** Converts a tick to the data of its event. */
  readonly write: (tick: LiveTick) => object;
}

const checkMs = 5000;
/** Interval of keep-alive comments. Proxies close connections on which nothing is sent for longer. */
const keepAliveMs = 10_000;
/**
 * Maximum amount of data that a client has not read. A slower client is disconnected, and can continue after its last
 * event.
 */
const mostBufferedBytes = 256 * 1024;
/** Time that a browser waits before it reconnects. */
const retryMs = 2000;

/**
 * Creates a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), one per
 * second. The id of an event is the end of its second, so a client can continue with `Last-Event-ID`. The stream ends
 * after its maximum duration, if its credential is revoked, or if its client reads too slowly.
 * @throws AppError `too_many_live_clients`.
 */
export function openLiveStream(feed: LiveFeed, request: LiveStreamRequest): Readable {
  const stream = new Readable({ read() {} });
  const timers: NodeJS.Timeout[] = [];
  let quietSinceMs = performance.now();
  const end = () => {
    if (!stream.destroyed && !stream.readableEnded) stream.push(null);
    release();
  };
  const push = (text: string) => {
    quietSinceMs = performance.now();
    if (stream.readableLength > mostBufferedBytes) stream.destroy();
    else stream.push(text);
  };
  push(`retry: ${retryMs}\n\n`);
  const remove = feed.add({
    ...{ tokenId: request.tokenId, filter: request.filter, after: secondOf(request.lastEventId), end },
    send(ticks) {
      if (stream.destroyed) return;
      if (ticks.length > 0) push(ticks.map((tick) => eventOf(tick, request.write)).join(''));
      else if (performance.now() - quietSinceMs >= keepAliveMs) push(': keep-alive\n\n');
    },
  });
  function release(): void {
    for (const timer of timers) clearTimeout(timer);
    remove();
  }
  const check = () => {
    const keep = (isAllowed: boolean) => (isAllowed ? undefined : end());
    // If the control store does not respond, the stream stays open until the next check.
    request.isStillAllowed().then(keep, () => {});
  };
  timers.push(setTimeout(end, request.seconds * 1000), setInterval(check, checkMs));
  stream.once('close', release);
  return stream;
}

/** Returns the second that an event id contains, or undefined if the text is not an event id. */
function secondOf(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{1,12}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}

function eventOf(tick: LiveTick, write: (tick: LiveTick) => object): string {
  return `id: ${tick.through}\nevent: usage\ndata: ${JSON.stringify(write(tick))}\n\n`;
}
