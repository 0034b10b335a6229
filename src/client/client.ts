import { hasEnded, WatError } from './errors.ts';
import { createGateway, headersOf, type WatSession, type WatSessionClaims } from './gateway.ts';
import { createSessionKeeper, type SessionStorageLike } from './keeper.ts';

export interface WatClientOptions {
  /** The address of the gateway, such as `https://watmeter.example.com`. */
  readonly baseUrl: string;
  /** Requests a Web Access Token from the application's back end. Called without a session, one call at a time. */
  readonly requestToken: () => string | Promise<string>;
  /** Origins whose requests carry the session. The default is the page's own origin. */
  readonly origins?: readonly string[];
  /** A storage in which the session survives a reload, such as `sessionStorage`. The default is memory. */
  readonly storage?: SessionStorageLike;
}

export interface WatClient {
  /**
   * Calls `fetch` with the session if the request goes to one of `origins`; other requests are unchanged. If the session
   * has ended, repeats the request once with a new session, provided that its body can be sent twice.
   * Requests with the session follow no redirects unless `init.redirect` is set.
   * @throws WatError when no session can be obtained, otherwise what `fetch` throws.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Returns the session, created or renewed if needed. @throws WatError */
  session(options?: { readonly signal?: AbortSignal }): Promise<WatSession>;
  /** Returns who the viewer is and what the viewer may see. @throws WatError */
  claims(options?: { readonly signal?: AbortSignal }): Promise<WatSessionClaims>;
  /** Drops the session in this page, for example when a viewer signs out. The next request asks for a new token. */
  forget(): void;
}

/**
 * Creates a client that keeps one session for a page. It exchanges one token, renews the session while it is used, and
 * exchanges a new token when the session has ended.
 */
export function createWatClient({ baseUrl, requestToken, origins, storage }: WatClientOptions): WatClient {
  const page: { location?: Location; document?: Document } = globalThis;
  const sessionOrigins = new Set(origins?.map((origin) => new URL(origin).origin) ?? [page.location?.origin]);
  // The opaque origin of sandboxed frames, files and data URLs is shared by unrelated documents.
  sessionOrigins.delete('null');
  const gateway = createGateway(new URL(baseUrl, page.location?.href).href);

  async function exchange(): Promise<WatSession> {
    let token: string;
    try {
      token = await requestToken();
      if (typeof token !== 'string' || token === '') throw new TypeError('requestToken returned no text');
    } catch (cause) {
      throw new WatError('token_request_failed', { cause });
    }
    return gateway.exchange(token);
  }

  const keeper = createSessionKeeper({
    exchange,
    renew: gateway.renew,
    storage,
    storageKey: `watmeter ${baseUrl}`,
  });

  async function claims(): Promise<WatSessionClaims> {
    const session = await keeper.get();
    try {
      return await gateway.claims(session);
    } catch (error) {
      if (!hasEnded(error)) throw error;
      return gateway.claims(await keeper.replace(session));
    }
  }

  return {
    session: ({ signal } = {}) => abortable(keeper.get(), signal),
    claims: ({ signal } = {}) => abortable(claims(), signal),
    forget: keeper.forget,
    async fetch(input, init = {}) {
      const url = input instanceof Request ? input.url : new URL(input, page.document?.baseURI);
      if (!sessionOrigins.has(new URL(url).origin)) return fetch(input, init);
      const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);

      const session = await abortable(keeper.get(), signal);
      const response = await send(session, input, init);
      if (response.status !== 401) return response;
      const next = keeper.replace(session);
      if (!isRepeatable(input, init)) {
        // Renews for later requests, which report a failure.
        next.catch(() => {});
        return response;
      }
      const renewed = await abortable(next, signal);
      await response.body?.cancel();
      return send(renewed, input, init);
    },
  };
}

function send(session: WatSession, input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  for (const [name, value] of headersOf(session)) headers.set(name, value);
  // A redirect would send the headers to its target, whatever its origin.
  return fetch(input, { redirect: 'error', ...init, headers });
}

/** A stream can be read only once, and the body of a Request is a stream. */
function isRepeatable(input: RequestInfo | URL, { body }: RequestInit): boolean {
  if (body) return !(body instanceof ReadableStream);
  return !(input instanceof Request) || input.method === 'GET' || input.method === 'HEAD';
}

/** Stops waiting when the signal aborts. The awaited work continues for other callers. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
