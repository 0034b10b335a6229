import { hasEnded, WatError } from './errors.ts';
import { createGateway, headersOf, type WatSession, type WatSessionClaims } from './gateway.ts';
import { createSessionKeeper, type SessionStorageLike } from './keeper.ts';

export interface WatClientOptions {
  /** Address of the gateway, such as `https://watmeter.example.com`. */
  readonly baseUrl: string;
  /**
   * Requests a Web Access Token from the application's back end. The client calls this function when it has no
   * session, never twice at the same time.
   */
  readonly requestToken: () => string | Promise<string>;
  /** Origins to which requests carry the session. Default: the page's own origin. */
  readonly origins?: readonly string[];
  /** Storage in which the session survives a page reload, such as `sessionStorage`. Default: memory. */
  readonly storage?: SessionStorageLike;
}

export interface WatClient {
  /**
   * Calls `fetch`, and adds the session if the request goes to one of `origins`. Other requests are unchanged. If the
   * response is 401, the client renews or replaces the session and repeats the request once, provided that the body
   * can be sent twice. Requests with the session do not follow redirects unless `init.redirect` is set.
   * @throws WatError if no session can be obtained, otherwise the error of `fetch`.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Returns the session. Creates or renews it if needed. @throws WatError */
  session(options?: { readonly signal?: AbortSignal }): Promise<WatSession>;
  /** Returns the viewer and the viewer's grants. @throws WatError */
  claims(options?: { readonly signal?: AbortSignal }): Promise<WatSessionClaims>;
  /**
   * Drops the session in this page, for example when a viewer signs out. The next request needs a new token.
   */
  forget(): void;
}

/**
 * Creates a client that keeps one session for a page. It exchanges a token for the session, and renews the session
 * while the page uses it. After the session has ended, it exchanges a new token.
 */
export function createWatClient({ baseUrl, requestToken, origins, storage }: WatClientOptions): WatClient {
  const page: { location?: Location; document?: Document } = globalThis;
  const sessionOrigins = new Set(origins?.map((origin) => new URL(origin).origin) ?? [page.location?.origin]);
  // Removes the opaque origin, because unrelated documents share it: sandboxed frames, files and data URLs.
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
        // Later requests use the renewed session or report that the renewal failed.
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
  // Following a redirect would send the session's headers to any origin to which it leads.
  return fetch(input, { redirect: 'error', ...init, headers });
}

/**
 * Returns whether a request can be sent twice. A stream can be read only once, and the body of a Request is a
 * stream.
 */
function isRepeatable(input: RequestInfo | URL, { body }: RequestInit): boolean {
  if (body) return !(body instanceof ReadableStream);
  return !(input instanceof Request) || input.method === 'GET' || input.method === 'HEAD';
}

/** Returns a promise that rejects when the signal aborts. The awaited work continues for other callers. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
