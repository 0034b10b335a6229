import { WatError } from './errors.ts';

/** A session as the gateway returns it. It identifies the viewer, so keep it out of URLs and logs. */
export interface WatSession {
  readonly sessionId: string;
  readonly initialiser: string;
  readonly webSessionToken: string;
  /** Instant in UTC, in ISO 8601 format. */
  readonly expiresAt: string;
}

/** Claims of a session (docs/reference/claims.md). */
export interface WatSessionClaims {
  readonly sessionId: string;
  readonly subject: string;
  readonly configurationId: string;
  readonly organisationId: string;
  readonly grants: unknown;
  readonly lng: unknown;
  readonly loc: unknown;
  readonly thm: unknown;
  readonly tags: readonly string[];
  readonly expiresAt: string;
}

const timeoutMs = 30_000;

/** Returns the HTTP headers that send a session. */
export function headersOf({ webSessionToken, initialiser }: WatSession): [string, string][] {
  return [
    ['authorization', `Bearer ${webSessionToken}`],
    ['initialiser', initialiser],
  ];
}

/** Creates the three calls to the gateway: exchange, renewal and claims. Each rejects with a WatError. */
export function createGateway(baseUrl: string) {
  const base = `${baseUrl.replace(/\/+$/, '')}/api/v1/wat/`;

  async function call(path: string, init: RequestInit): Promise<Record<string, unknown>> {
    let response: Response;
    let body: Record<string, unknown> | undefined;
    try {
      response = await fetch(base + path, {
        ...init,
        // The call sends no cookies and no referrer. A redirect would send the token to another server, so it is an
        // error.
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        redirect: 'error',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      });
      body = await response.json().catch(() => undefined);
    } catch (cause) {
      throw new WatError('gateway_unreachable', { cause });
    }
    const { status } = response;
    if (response.ok && body) return body;
    const retryAfterSeconds = Number(response.headers.get('retry-after')) || undefined;
    throw new WatError(String((!response.ok && body?.['code']) || 'unexpected_answer'), {
      status,
      retryAfterSeconds,
    });
  }

  async function callForSession(path: string, init: RequestInit): Promise<WatSession> {
    const session = await call(path, { method: 'POST', ...init });
    if (!isSession(session)) throw new WatError('unexpected_answer');
    return session;
  }

  return {
    exchange: (webAccessToken: string) =>
      callForSession('sessionToken', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ webAccessToken }),
      }),
    renew: (session: WatSession) => callForSession('session/renew', { headers: headersOf(session) }),
    claims: async (session: WatSession) =>
      (await call('session/claims', { headers: headersOf(session) })) as unknown as WatSessionClaims,
  };
}

/** Returns whether a value has all session members that the client needs. */
export function isSession(value: unknown): value is WatSession {
  const session = value as Partial<Record<keyof WatSession, unknown>> | null;
  return (
    typeof session?.webSessionToken === 'string' &&
    typeof session.initialiser === 'string' &&
    Date.parse(String(session.expiresAt)) > 0
  );
}
