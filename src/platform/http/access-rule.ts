/** The scopes that an API token can have (docs/reference/http-api.md). */
export const scopes = [
  'tokens:read',
  'tokens:write',
  'tokens:request',
  'usage:read',
  'ops',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

/**
 * Who may call a route. Every route under /api says it in its `config`; one that does not keeps the server from
 * starting (src/access/guard/guard.ts), so that none is left open by forgetting.
 */
export type AccessRule = 'public' | 'signed-in' | { readonly scope: Scope };

/** What a route tells the audit log: never a token, a secret or a claim. */
export interface AuditNote {
  readonly target: string;
  readonly organisationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
    /** A POST that changes nothing: it leaves no line in the audit log. */
    isReadOnly?: true;
    /** What logs call the route, where its own pattern does not tell what a URL of it holds. */
    loggedAs?: string;
    /** Its path for those who call it, where the router has to know less of it. */
    describedAs?: string;
    /** A POST that is called often: its lines in the audit log are gathered, and written after the answer. */
    isAuditedLater?: true;
  }

  interface FastifyRequest {
    /** What the audit log cannot see from outside. */
    auditNote: AuditNote | undefined;
  }
}
