/** Values that a route adds to its audit log entry. They never contain a token, a secret or a claim. */
export interface AuditNote {
  readonly target: string;
  readonly organisationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a POST route that clients call often. Its audit entries are buffered and written after the response. */
    isAuditedLater?: true;
  }

  interface FastifyRequest {
    /** Set by a route if the audit hook cannot derive the values from the request. */
    auditNote: AuditNote | undefined;
  }
}
