/** What a route adds to its line in the audit log: never a token, a secret or a claim. */
export interface AuditNote {
  readonly target: string;
  readonly organisationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST that clients call often: its audit lines are buffered, and written after the answer. */
    isAuditedLater?: true;
  }

  interface FastifyRequest {
    /** What the audit hook cannot see from outside. */
    auditNote: AuditNote | undefined;
  }
}
