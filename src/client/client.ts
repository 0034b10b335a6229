import { hasEnded, WatError } from './errors.ts';
import { createGateway, headersOf, type WatSession, type WatSessionClaims } from './gateway.ts';
import { createSessionKeeper, type SessionStorageLike } from './keeper.ts';

export interface WatClientOptions {
  /** Where the gateway is, such as `https://watmeter.example.com`. */
  readonly baseUrl: string;
  /** Asks the application's own back end for a Web Access Token. Called when there is no session, never twice at once. */
  readonly requestToken: () => string | Promise<string>;
  /** Origins that get the session with each request; default: the page's own. No other ever does. */
  readonly origins?: readonly string[];
  /** Where the session outlives the page, such as `sessionStorage`; default: only in memory. */
  readonly storage?: SessionStorageLike;
}

export interface WatClient {
  /**
   * `fetch`, with the session where the request goes to one of `origins`; others go out as they are. When the session
   * has ended, the request is made once more with a new one, if its body can be sent twice.
   * Requests with the session follow no redirects unless `init.redirect` says so.
   * @throws WatError when there is no session to be had, else what `fetch` throws.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** The session, made or renewed when it is time. @throws WatError */
  session(options?: { readonly signal?: AbortSignal }): Promise<WatSession>;
  /** Who the viewer is, and what he may see. @throws WatError */
  claims(options?: { readonly signal?: AbortSignal }): Promise<WatSessionClaims>;
  /** Forgets the session here, as when a viewer leaves: the next request asks for a token. */
  forget(): void;
}

/** A session for a page: exchanged once, kept, renewed while it is used, and made anew when it has ended. */
export function createWatClient({ baseUrl, requestToken, origins, storage }: WatClientOptions): WatClient {
  const page: { location?: Location; document?: Document } = globalThis;
  const own = new Set(origins?.map((origin) => new URL(origin).origin) ?? [page.location?.origin]);
  // Of sandboxed frames, files and data: that is everybody's.
  own.delete('null');
  const gateway = createGateway(new URL(baseUrl, page.location?.href).href);

  async function exchange(): Promise<WatSession> {
    let token: string;
    try {
      token = await requestToken();
      if (typeof token !== 'string' || token === '') throw new TypeError('requestToken gave no text');
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
      if (!own.has(new URL(url).origin)) return fetch(input, init);
      const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);

      const session = await abortable(keeper.get(), signal);
      const response = await send(session, input, init);
      if (response.status !== 401) return response;
      const next = keeper.replace(session);
      if (!isRepeatable(input, init)) {
        // For the requests to come; they will tell when it fails.
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
  // A redirect would carry the headers along, to whatever origin it leads.
  return fetch(input, { redirect: 'error', ...init, headers });
}

/** A stream can be read once only, and the body of a Request is one. */
function isRepeatable(input: RequestInfo | URL, { body }: RequestInit): boolean {
  if (body) return !(body instanceof ReadableStream);
  return !(input instanceof Request) || input.method === 'GET' || input.method === 'HEAD';
}

/** Waits no longer than the signal allows; what is waited for goes on, for the others who wait. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
