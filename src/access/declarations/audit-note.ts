/** The members that a route adds to its entry in the audit log. They never contain a token, a secret or a claim. */
export interface AuditNote {
  readonly target: string;
  readonly organisationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a POST that clients call often. Its audit entries are buffered and written after the answer. */
    isAuditedLater?: true;
  }

  interface FastifyRequest {
    /** The route sets it, because the audit hook cannot derive it from the request. */
    auditNote: AuditNote | undefined;
  }
}
